package dev.thrum.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.Buffer;
import io.netty.internal.tcnative.SSL;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Decrypts and encrypts with OpenSSL, past Netty's engine: that ends the output as soon as the peer has ended its own, but TLS
 * 1.3 has two directions that end by themselves (RFC 8446, 6.1), and so have our connections. And it takes memory outside of
 * the heap from an allocator for each call, once for what goes in and once for what comes out.
 *
 * <p>The engine stays the owner of the connection's native state, and its monitor guards it.
 */
final class OpenSslCipher implements RecordCipher {
    private static final int HEADER = 5;

    /** An encrypted record has a tag of 16 bytes, with each suite that we allow. */
    private static final int TAG = 16;

    /** Netty doesn't show it. */
    private static final String FIELD = "networkBIO";

    private static final int ROOM = 2 * PacketBuffers.PACKET;

    /** Memory outside of the heap, for data and its record. */
    private static final SpareBuffers<ByteBuffer> ROOMS = new SpareBuffers<>(() -> ByteBuffer.allocateDirect(ROOM));

    private final ReferenceCountedOpenSslEngine engine;

    /** Where OpenSSL takes the bytes of records from, and leaves its own; valid while the engine has native state. */
    private final long bio;

    /** An engine whose handshake has begun. */
    OpenSslCipher(ReferenceCountedOpenSslEngine engine) {
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
        if (length + most > ROOM) {
            throw new SSLException("expected a TLS record of at most 2^14 bytes of data but it says it has " + length);
        }
        ByteBuffer room = ROOMS.take();
        try {
            room.put(0, from, from.position(), length);
            from.position(from.position() + length);
            return decrypted(room, length, most, into);
        } finally {
            ROOMS.give(room);
        }
    }

    /** Decrypts the record of this length at the beginning of the room, into the rest of it. */
    private SSLEngineResult decrypted(ByteBuffer room, int length, int most, ByteBuffer into) throws SSLException {
        synchronized (engine) {
            long ssl = engine.sslPointer();
            if (ssl == 0) {
                return result(Status.CLOSED, 0, 0);
            }
            SSL.clearError();
            long address = Buffer.address(room);
            SSL.bioSetByteBuffer(bio, address, length, false);
            int count;
            try {
                count = SSL.readFromSSL(ssl, address + length, most);
                if (count <= 0) {
                    return nothing(SSL.getError(ssl, count), length);
                }
            } finally {
                SSL.bioClearByteBuffer(bio);
            }
            into.put(into.position(), room, length, count);
            into.position(into.position() + count);
            return result(Status.OK, length, count);
        }
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer head, ByteBuffer source, ByteBuffer into) throws SSLException {
        ByteBuffer room = ROOMS.take();
        try {
            int length = head.remaining() + source.remaining();
            room.clear();
            room.put(head).put(source);
            return encrypted(room, length, into);
        } finally {
            ROOMS.give(room);
        }
    }

    /** Encrypts the data of this length at the beginning of the room, into the rest of it. */
    private SSLEngineResult encrypted(ByteBuffer room, int length, ByteBuffer into) throws SSLException {
        synchronized (engine) {
            long ssl = engine.sslPointer();
            if (ssl == 0 || engine.isOutboundDone()) {
                return result(Status.CLOSED, 0, 0);
            }
            int most = Math.min(ROOM - length, into.remaining());
            long address = Buffer.address(room);
            SSL.clearError();
            SSL.bioSetByteBuffer(bio, address + length, most, true);
            int count;
            try {
                // What OpenSSL has written meanwhile by itself, such as the answer to a request for new keys.
                var _ = SSL.bioFlushByteBuffer(bio);
                if (SSL.writeToSSL(ssl, address, length) != length) {
                    throw new SSLException("expected a TLS record to be made but OpenSSL says "
                            + SSL.getErrorString(SSL.getLastErrorNumber()));
                }
                count = most - SSL.bioLengthByteBuffer(bio);
            } finally {
                SSL.bioClearByteBuffer(bio);
            }
            into.put(into.position(), room, length, count);
            into.position(into.position() + count);
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
