package dev.thrum.tls;

import dev.thrum.engine.Engine;
import dev.thrum.testkit.EncryptedBackend;

/** Engines whose connections are all encrypted, for tests that know nothing of that. */
final class Encrypted {
    /** Made once: the tests are not about making them. */
    private static final Tls SERVER = Tls.selfSigned("localhost");

    private static final TlsClient CLIENT = client();

    private Encrypted() {}

    /** A new engine with the threads and sockets of this one. */
    static Engine over(Engine plain) {
        return EncryptedBackend.over(plain, SERVER, CLIENT);
    }

    /** A client that trusts every server. */
    static TlsClient client() {
        try {
            return TlsClient.builder().insecure().to("localhost");
        } catch (TlsConfigException e) {
            throw new AssertionError("expected a client without files", e);
        }
    }
}
