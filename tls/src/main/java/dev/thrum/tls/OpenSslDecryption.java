package dev.thrum.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Decrypts with OpenSSL, past Netty's engine: that ends the output as soon as the peer has ended its own, but TLS 1.3 has
 * two directions that end by themselves (RFC 8446, 6.1), and so have our connections.
 *
 * <p>The engine stays the owner of the connection's native state, and its monitor guards it.
 */
final class OpenSslDecryption implements Decryption {
    private static final int HEADER = 5;

    /** An encrypted record has a tag of 16 bytes, with each suite that we allow. */
    private static final int TAG = 16;

    /** Netty doesn't show it. */
    private static final String FIELD = "networkBIO";

    private final ReferenceCountedOpenSslEngine engine;

    /** Where OpenSSL takes the bytes of records from, and leaves its own; valid while the engine has native state. */
    private final long bio;

    /** An engine whose handshake has begun. */
    OpenSslDecryption(ReferenceCountedOpenSslEngine engine) {
        this.engine = engine;
        try {
            bio = field().getLong(engine);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("expected require() to have checked this Netty", e);
        }
    }

    /** Requires that Netty's engine is as we expect it. */
    static void require() throws TlsConfigException {
        try {
            var _ = field();
        } catch (ReflectiveOperationException e) {
            throw new TlsConfigException(
                    "expected a netty-handler that the TLS provider openssl can use but this version has no field "
                            + FIELD + ": use version 4.2.18.Final, or the provider jdk",
                    e);
        }
    }

    private static Field field() throws ReflectiveOperationException {
        Field field = ReferenceCountedOpenSslEngine.class.getDeclaredField(FIELD);
        field.setAccessible(true);
        return field;
    }

    @Override
    public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer into) throws SSLException {
        int here = from.remaining();
        int length = here < HEADER ? 0 : HEADER + (from.getShort(from.position() + HEADER - 2) & 0xffff);
        if (here < HEADER || here < length) {
            return result(Status.BUFFER_UNDERFLOW, 0, 0);
        }
        int most = Math.max(1, length - HEADER - TAG);
        if (into.remaining() < most) {
            return result(Status.BUFFER_OVERFLOW, 0, 0);
        }
        ByteBuf room = ByteBufAllocator.DEFAULT.directBuffer(length + most);
        try {
            room.writeBytes(from.slice(from.position(), length));
            from.position(from.position() + length);
            return decrypted(room, length, most, into);
        } finally {
            room.release();
        }
    }

    /** Decrypts the record of this length at the beginning of the room, into the rest of it. */
    private SSLEngineResult decrypted(ByteBuf room, int length, int most, ByteBuffer into) throws SSLException {
        synchronized (engine) {
            long ssl = engine.sslPointer();
            if (ssl == 0) {
                return result(Status.CLOSED, 0, 0);
            }
            SSL.clearError();
            SSL.bioSetByteBuffer(bio, room.memoryAddress(), length, false);
            int count;
            try {
                count = SSL.readFromSSL(ssl, room.memoryAddress() + length, most);
                if (count <= 0) {
                    return nothing(SSL.getError(ssl, count), length);
                }
            } finally {
                SSL.bioClearByteBuffer(bio);
            }
            into.put(room.nioBuffer(length, count));
            return result(Status.OK, length, count);
        }
    }

    private static SSLEngineResult nothing(int error, int length) throws SSLException {
        if (error == SSL.SSL_ERROR_WANT_READ || error == SSL.SSL_ERROR_WANT_WRITE) {
            return result(Status.OK, length, 0);
        }
        if (error == SSL.SSL_ERROR_ZERO_RETURN) {
            return result(Status.CLOSED, length, 0);
        }
        throw new SSLException("expected data but the peer has sent a record that is damaged or not allowed: "
                + SSL.getErrorString(SSL.getLastErrorNumber()));
    }

    private static SSLEngineResult result(Status status, int consumed, int produced) {
        return new SSLEngineResult(status, HandshakeStatus.NOT_HANDSHAKING, consumed, produced);
    }

    @Override
    public boolean hasAlert() {
        synchronized (engine) {
            return engine.sslPointer() != 0 && SSL.bioLengthNonApplication(bio) > 0;
        }
    }
}
