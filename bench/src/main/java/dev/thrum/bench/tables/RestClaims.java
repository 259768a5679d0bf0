package dev.thrum.bench.tables;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.Load.Manner;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.measure.statistics.Bound;
import java.util.List;

/** The claims about connections that rest between two requests: what serving them costs. */
public final class RestClaims {
    private static final String THREADS = "threads-50";
    private static final String JETTY = "jetty-50";
    private static final String EVENTS = "events-epoll";
    private static final String AT_ONCE = "events-epoll-at-once";

    private static final int CLIENTS = 5_000;
    private static final int CROWD = 200;
    private static final int SOME = 64;
    private static final int FEW = 16;

    private RestClaims() {}

    /** A hundred times as many clients as threads, who ask seldom. */
    public static List<Claim> served() {
        return List.of(cpu(THREADS, JETTY, paced(Exchange.PLAINTEXT), Bound.atMost(1.5, 1.0)));
    }

    /** Four times as many clients as threads, who ask as often as they can. */
    public static List<Claim> crowded() {
        Load load = new Load(Exchange.PLAINTEXT, CROWD, Manner.CROWD);
        return List.of(cpu(THREADS, JETTY, load, Bound.atMost(1.4, 1.1)));
    }

    /** Fewer clients than half of the threads, so that no connection rests, compared with an earlier package. */
    public static List<Claim> uncrowded(String engine) {
        return List.of(baseline(engine, new Load(Exchange.TIME, FEW), Bound.atMost(1.03, 1.03)));
    }

    /** Clients who ask often enough for their connections not to rest, compared with an earlier package. */
    public static List<Claim> paced(String engine) {
        return List.of(baseline(engine, paced(Exchange.TIME), Bound.atMost(1.02, 1.02)));
    }

    /** A request that wakes a connection, compared with one that does not. */
    public static List<Claim> woken() {
        Bound bound = Bound.atMost(1.5, 1.2);
        return List.of(
                cpu(AT_ONCE, EVENTS, new Load(Exchange.PLAINTEXT, SOME), bound),
                cpu(AT_ONCE, EVENTS, paced(Exchange.PLAINTEXT), bound));
    }

    private static Load paced(Exchange exchange) {
        return new Load(exchange, CLIENTS, Manner.PACED);
    }

    private static Claim baseline(String engine, Load load, Bound bound) {
        return cpu(Side.NOW.of(engine), Side.BASELINE.of(engine), load, bound);
    }

    private static Claim cpu(String contender, String peer, Load load, Bound bound) {
        return new Claim(contender, peer, Figure.CPU, load, bound);
    }
}
