package dev.thrum.tls;

import javax.net.ssl.SSLEngine;

/** Makes a TLS engine for one connection. Safe for concurrent use. */
@FunctionalInterface
interface Engines {
    /**
     * A new engine, which has not begun.
     *
     * @param peer the port of the peer: a client resumes sessions by host and port
     */
    SSLEngine newEngine(int peer);

    /** Whether a handshake may compute so long that it must not hold the thread of other connections meanwhile. */
    default boolean isSlow() {
        return false;
    }

    /** What decrypts and encrypts with an engine of this kind after its handshake. */
    default RecordCipher cipher(SSLEngine engine) {
        return RecordCipher.by(engine);
    }
}
