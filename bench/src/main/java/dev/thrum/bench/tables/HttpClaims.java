package dev.thrum.bench.tables;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The claims about Thrum's HTTP server, compared with others. */
public final class HttpClaims {
    private static final int FEW = 64;
    private static final Set<Integer> BOUND_AT = Set.of(FEW, 1_024);
    private static final String RING = "events-io_uring";
    private static final String NETTY_RING = "netty-io_uring";
    private static final List<String> SLOWER = List.of("vertx", "helidon", "jetty", "undertow", "jdk");

    private HttpClaims() {}

    /** The claims for these loads. */
    public static List<Claim> at(List<Load> loads) {
        return loads.stream()
                .flatMap(load -> load.exchange() == Exchange.PIPELINED ? pipelined(load) : single(load))
                .toList();
    }

    private static Stream<Claim> single(Load load) {
        boolean bound = BOUND_AT.contains(load.connections());
        List<Claim> claims = new ArrayList<>();
        for (String transport : List.of("epoll", "nio")) {
            Bound netty = bound ? Bound.atMost(1.05, 1.0) : Bound.none();
            claims.add(new Claim("events-" + transport, "netty-" + transport, Figure.CPU, load, netty));
        }
        claims.addAll(ring(load, bound));
        Bound below = bound ? Bound.below(1.0) : Bound.none();
        for (String peer : SLOWER) {
            claims.add(new Claim("events-epoll", peer, Figure.CPU, load, below));
        }
        claims.add(new Claim("virtual", "helidon", Figure.CPU, load, below));
        return claims.stream();
    }

    /** What driving io_uring without Netty must be worth (decision 60). */
    private static List<Claim> ring(Load load, boolean bound) {
        if (!bound || load.exchange() != Exchange.PLAINTEXT) {
            return List.of(
                    new Claim(RING, NETTY_RING, Figure.CPU, load, bound ? Bound.atMost(1.05, 1.0) : Bound.none()));
        }
        boolean few = load.connections() == FEW;
        List<Claim> claims = new ArrayList<>(List.of(
                new Claim(RING, NETTY_RING, Figure.CPU, load, Bound.atMost(1.0, 0.96)),
                new Claim(
                        RING,
                        "events-epoll",
                        Figure.CPU,
                        load,
                        few ? Bound.atMost(0.96, 0.92) : Bound.atMost(0.92, 0.85))));
        if (few) {
            claims.add(new Claim(RING, NETTY_RING, Figure.P50, load, Bound.atMost(1.25, 1.0)));
        }
        return claims;
    }

    private static Stream<Claim> pipelined(Load load) {
        return Stream.of(
                new Claim("events-epoll", "netty-epoll", Figure.YIELD, load, Bound.atLeast(1.5)),
                new Claim("events-epoll", NETTY_RING, Figure.YIELD, load, Bound.atLeast(1.0)),
                new Claim(RING, NETTY_RING, Figure.CPU, load, Bound.atMost(0.65, 0.55)));
    }
}
