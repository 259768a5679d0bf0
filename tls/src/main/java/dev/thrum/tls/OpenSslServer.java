package dev.thrum.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The engines of BoringSSL or OpenSSL, on the side of a server. Loaded only if chosen: its library is optional.
 *
 * @param clients what checks the certificates of clients; null if they need none
 */
record OpenSslServer(@Nullable X509TrustManager clients) implements Tls.ServerEngines {
    /**
     * Requires that this system has the provider.
     *
     * @throws LinkageError if its library is not on the class path
     */
    static void require() throws TlsConfigException {
        Throwable problem = OpenSsl.unavailabilityCause();
        if (problem != null) {
            throw new TlsConfigException(
                    "expected the TLS provider openssl to be usable but it is not: " + problem.getMessage()
                            + "; put netty-tcnative-boringssl-static for this system on the class path, or use the"
                            + " provider jdk",
                    problem);
        }
        OpenSslCipher.require();
    }

    @Override
    public boolean areNative() {
        return true;
    }

    @Override
    public Engines of(List<CertifiedKey> keys, TlsOptions options) throws TlsConfigException {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(new ServerKeys(keys))
                    .sslProvider(SslProvider.OPENSSL)
                    .protocols(options.protocols())
                    .ciphers(JdkEngines.SUITES)
                    .clientAuth(options.wantsClients() ? ClientAuth.REQUIRE : ClientAuth.NONE);
            if (clients != null) {
                builder.trustManager(clients);
            }
            if (!options.applicationProtocols().isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        options.applicationProtocols()));
            }
            SslContext context = builder.build();
            return new OpenSslEngines(context);
        } catch (SSLException e) {
            throw new TlsConfigException(
                    "expected the TLS provider openssl to accept the certificates but it does not: " + e.getMessage(),
                    e);
        }
    }

    private record OpenSslEngines(SslContext context) implements Engines {
        @Override
        public SSLEngine newEngine(int peer) {
            return context.newEngine(ByteBufAllocator.DEFAULT);
        }

        @Override
        public RecordCipher cipher(SSLEngine engine) {
            return new OpenSslCipher((ReferenceCountedOpenSslEngine) engine);
        }
    }
}
