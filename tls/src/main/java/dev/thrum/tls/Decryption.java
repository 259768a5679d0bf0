package dev.thrum.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Decrypts the records of one connection. Owned by the owner of its input; its output may be written meanwhile. */
interface Decryption {
    /** What decrypts with the engine itself. */
    static Decryption by(SSLEngine engine) {
        return new Decryption() {
            @Override
            public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer into) throws SSLException {
                return engine.unwrap(from, into);
            }

            @Override
            public boolean hasAlert() {
                return engine.isInboundDone();
            }
        };
    }

    /** Decrypts one record; returns and throws as {@link SSLEngine#unwrap(ByteBuffer, ByteBuffer)}. */
    SSLEngineResult unwrap(ByteBuffer from, ByteBuffer into) throws SSLException;

    /** Whether, after a failure, the engine has an alert for the peer that is still to be sent. */
    boolean hasAlert();
}
