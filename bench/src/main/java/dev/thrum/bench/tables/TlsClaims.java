package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.List;

/** The claims about HTTP over TLS, compared with Netty and between the engines. */
public final class TlsClaims {
    private static final String EVENTS = "events-epoll/";
    private static final String NETTY = "netty-epoll/";
    private static final String VIRTUAL = "virtual/";
    private static final String THREADS = "threads/";

    /** The providers, the same on both sides; clear text is shown for orientation. */
    private static final String JDK = "jdk";

    private static final String OPENSSL = "openssl";

    private static final String PLAIN = "plain";

    private static final Bound SMALL = Bound.atMost(1.15, 1.05);

    private TlsClaims() {}

    /** The claims for these loads. */
    public static List<Claim> at(List<Load> loads) {
        return loads.stream().flatMap(load -> at(load).stream()).toList();
    }

    private static List<Claim> at(Load load) {
        return switch (load.exchange()) {
            case PLAINTEXT -> kept(load, SMALL, SMALL, Bound.atMost(1.3, 1.3));
            case BULK -> kept(load, Bound.atMost(1.0, 1.0), Bound.none(), Bound.none());
            case HANDSHAKE, RESUMPTION ->
                List.of(
                        cpu(EVENTS + JDK, NETTY + JDK, load, Bound.none()),
                        cpu(EVENTS + OPENSSL, NETTY + OPENSSL, load, Bound.none()),
                        cpu(VIRTUAL + JDK, EVENTS + JDK, load, Bound.none()));
            default -> List.of();
        };
    }

    private static List<Claim> kept(Load load, Bound netty, Bound openSsl, Bound virtual) {
        return List.of(
                cpu(EVENTS + JDK, NETTY + JDK, load, netty),
                cpu(EVENTS + OPENSSL, NETTY + OPENSSL, load, openSsl),
                cpu(VIRTUAL + JDK, EVENTS + JDK, load, virtual),
                cpu(VIRTUAL + OPENSSL, EVENTS + OPENSSL, load, virtual),
                cpu(EVENTS + OPENSSL, EVENTS + JDK, load, Bound.none()),
                cpu(THREADS + JDK, EVENTS + JDK, load, Bound.none()),
                cpu(EVENTS + PLAIN, NETTY + PLAIN, load, Bound.none()),
                cpu(EVENTS + JDK, EVENTS + PLAIN, load, Bound.none()));
    }

    private static Claim cpu(String contender, String peer, Load load, Bound bound) {
        return new Claim(contender, peer, Figure.CPU, load, bound);
    }
}
