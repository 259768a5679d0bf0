package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The claims about Thrum's engines with lines, compared with Netty. */
public final class LineClaims {
    private static final List<String> STYLES = List.of("/straight", "/callbacks");
    private static final Set<Integer> CPU_BOUND_AT = Set.of(64, 1_000);
    private static final int RATE_AT = 1_000;

    private LineClaims() {}

    /** The claims for these loads. */
    public static List<Claim> at(List<Load> loads) {
        List<Claim> claims = new ArrayList<>();
        for (Figure figure : List.of(Figure.CPU, Figure.RATE)) {
            for (String style : STYLES) {
                for (String transport : List.of("epoll", "io_uring", "nio")) {
                    claims.addAll(claims("events-" + transport + style, "netty-" + transport, figure, loads));
                }
                claims.addAll(claims("virtual" + style, "netty-epoll", figure, loads));
            }
        }
        return claims;
    }

    private static List<Claim> claims(String contender, String peer, Figure figure, List<Load> loads) {
        return loads.stream()
                .filter(load -> figure == Figure.CPU || load.connections() == RATE_AT)
                .map(load -> new Claim(contender, peer, figure, load, bound(contender, figure, load.connections())))
                .toList();
    }

    private static Bound bound(String contender, Figure figure, int connections) {
        boolean events = contender.startsWith("events-");
        if (figure == Figure.RATE) {
            return events ? Bound.atLeast(1.0, 1.15) : Bound.none();
        }
        if (!CPU_BOUND_AT.contains(connections)) {
            return Bound.none();
        }
        if (contender.startsWith("events-io_uring")) {
            return Bound.atMost(1.08, 1.0);
        }
        return events ? Bound.atMost(1.05, 1.0) : Bound.atMost(1.35, 1.2);
    }
}
