package dev.thrum.tls;

/** Whose code encrypts the connections of a server. */
public enum TlsProvider {
    /** The JDK's own. */
    JDK,
    /**
     * BoringSSL or OpenSSL by Netty's tcnative, which costs less processor time. It must be on the class path: {@code
     * io.netty:netty-handler} and {@code io.netty:netty-tcnative-boringssl-static}.
     */
    OPENSSL
}
