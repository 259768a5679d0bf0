package dev.thrum.bench.peers;

import dev.thrum.bench.load.H2Load;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.events.TransportKind;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsConfigException;
import dev.thrum.tls.TlsProvider;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** The contenders for HTTP over TLS, with each provider, and the same in clear text. */
public final class TlsContenders {
    private static final String PLAIN = "/plain";
    private static final String NETTY = "netty-epoll";

    private static final List<Contender> ALL = contenders();

    private TlsContenders() {}

    /** What encrypts, with the same name on both sides. */
    private enum Provider {
        JDK(SslProvider.JDK, TlsProvider.JDK),
        OPENSSL(SslProvider.OPENSSL, TlsProvider.OPENSSL);

        private final SslProvider netty;
        private final TlsProvider thrum;

        Provider(SslProvider netty, TlsProvider thrum) {
            this.thrum = thrum;
            this.netty = netty;
        }

        String name(String server) {
            return server + "/" + name().toLowerCase(Locale.ROOT);
        }

        Encryption.Server thrum(Certificate certificate) throws TlsConfigException {
            return Tls.server()
                    .provider(thrum)
                    .certificate(certificate.chain(), certificate.key())
                    .build();
        }

        /** The suite is the one of the load, which Thrum prefers too; others would cost something else. */
        SslContext netty(Certificate certificate) throws SSLException {
            return SslContextBuilder.forServer(
                            certificate.chain().toFile(), certificate.key().toFile())
                    .sslProvider(netty)
                    .protocols("TLSv1.3")
                    .ciphers(List.of(H2Load.SUITE))
                    .build();
        }
    }

    /** A server of Thrum. */
    private record Thrum(String server, Engines.Starter engine) {
        static List<Thrum> all() {
            return List.of(
                    new Thrum("events-epoll", Engines.events(TransportKind.EPOLL)),
                    new Thrum("virtual", Engines.virtual()),
                    new Thrum("threads", Engines.threads()));
        }
    }

    public static List<Contender> all() {
        return ALL;
    }

    /** The scheme of its addresses. */
    public static String scheme(Contender contender) {
        return contender.name().endsWith(PLAIN) ? "http" : "https";
    }

    private static List<Contender> contenders() {
        List<Contender> all = new ArrayList<>();
        for (Provider provider : Provider.values()) {
            for (Thrum thrum : Thrum.all()) {
                all.add(new Contender(
                        provider.name(thrum.server),
                        connections -> ThrumHttp.start(
                                thrum.engine.open(connections), provider.thrum(certificate()), connections)));
            }
            all.add(new Contender(provider.name(NETTY), _ -> {
                SslContext tls = provider.netty(certificate());
                return NettyServer.epoll(loop -> NettyHttp.encrypted(loop, tls));
            }));
        }
        for (Thrum thrum : Thrum.all()) {
            all.add(new Contender(
                    thrum.server + PLAIN, connections -> ThrumHttp.start(thrum.engine.open(connections), connections)));
        }
        all.add(new Contender(NETTY + PLAIN, _ -> NettyServer.epoll(NettyHttp::pipeline)));
        return List.copyOf(all);
    }

    private static Certificate certificate() {
        return Certificate.shared(Certificate.Kind.P256);
    }
}
