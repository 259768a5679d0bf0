package dev.thrum.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * Decrypts and encrypts the records of one connection after its handshake. {@code unwrap} and {@code hasAlert} are called by
 * the owner of its input, {@code wrap} by the owner of its output at the same time.
 */
interface RecordCipher {
    /** What uses the engine itself. */
    static RecordCipher by(SSLEngine engine) {
        return new RecordCipher() {
            @Override
            public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer into) throws SSLException {
                return engine.unwrap(from, into);
            }

            @Override
            public SSLEngineResult wrap(ByteBuffer head, ByteBuffer source, ByteBuffer into) throws SSLException {
                return head.hasRemaining()
                        ? engine.wrap(new ByteBuffer[] {head, source}, 0, 2, into)
                        : engine.wrap(source, into);
            }

            @Override
            public boolean hasAlert() {
                return engine.isInboundDone();
            }
        };
    }

    /** Decrypts one record; returns and throws as {@link SSLEngine#unwrap(ByteBuffer, ByteBuffer)}. */
    SSLEngineResult unwrap(ByteBuffer from, ByteBuffer into) throws SSLException;

    /**
     * Encrypts bytes of two buffers, one after the other, which together fit into one record; returns and throws as {@link
     * SSLEngine#wrap(ByteBuffer, ByteBuffer)}.
     */
    SSLEngineResult wrap(ByteBuffer head, ByteBuffer source, ByteBuffer into) throws SSLException;

    /** Whether, after a failure, the engine has an alert for the peer that is still to be sent. */
    boolean hasAlert();
}
