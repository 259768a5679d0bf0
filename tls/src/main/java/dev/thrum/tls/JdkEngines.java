package dev.thrum.tls;

import dev.thrum.base.HostLookups;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Makes TLS engines of the JDK's own provider. */
final class JdkEngines implements Engines {
    /** Those that authenticate what they encrypt, with keys that can't be recovered later from the certificate's. */
    static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            // ECDSA before RSA: see ServerKeys.
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final SSLContext context;
    private final TlsOptions options;
    private final @Nullable String peerName;
    private final boolean slow;

    /**
     * @param slow see {@link #isSlow}
     * @param peerName the name that a client requires the server to have; null on the side of the server
     */
    JdkEngines(SSLContext context, TlsOptions options, boolean slow, @Nullable String peerName) {
        this.context = context;
        this.options = options;
        this.slow = slow;
        this.peerName = peerName;
    }

    @Override
    public SSLEngine newEngine(int peer) {
        String name = peerName;
        SSLEngine engine = name == null ? context.createSSLEngine() : context.createSSLEngine(name, peer);
        engine.setUseClientMode(name != null);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(options.protocols().toArray(String[]::new));
        parameters.setCipherSuites(SUITES.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(options.applicationProtocols().toArray(String[]::new));
        parameters.setNeedClientAuth(options.wantsClients());
        if (name != null) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setServerNames(serverNames(name));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    @Override
    public boolean isSlow() {
        return slow;
    }

    /** The name to ask for; none for an address (RFC 6066, 3), nor for what can't be the name of a host. */
    private static List<SNIServerName> serverNames(String name) {
        if (HostLookups.literal(name).isPresent()) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(name.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
