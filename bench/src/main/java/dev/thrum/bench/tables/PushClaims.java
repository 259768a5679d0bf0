package dev.thrum.bench.tables;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.List;

/** The claims about broadcasts, compared with Netty. */
public final class PushClaims {
    private static final String PEER = "netty-epoll";

    private PushClaims() {}

    /** The claims for these loads; bursts have no bound. */
    public static List<Claim> at(List<Load> loads) {
        return loads.stream()
                .flatMap(load -> List.of(
                        claim("events-epoll", load, Bound.atMost(1.1, 0.8)),
                        claim("virtual", load, Bound.atMost(1.6, 1.2)))
                        .stream())
                .toList();
    }

    private static Claim claim(String contender, Load load, Bound bound) {
        return new Claim(contender, PEER, Figure.CPU, load, load.exchange() == Exchange.BURST ? Bound.none() : bound);
    }
}
