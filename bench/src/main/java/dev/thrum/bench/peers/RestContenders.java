package dev.thrum.bench.peers;

import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.events.TransportKind;
import java.util.List;

/** The contenders for HTTP whose connections rest between two requests, or that have fewer threads than connections. */
public final class RestContenders {
    /** The platform threads of the contenders that have a fixed number of them. */
    private static final int THREADS = 50;

    private static final int WAITING = 1_000;

    private static final List<Contender> ALL = List.of(
            thrum("threads-50", Engines.threads(THREADS, WAITING)),
            new Contender("jetty-50", _ -> JettyHttp.blocking(THREADS)),
            thrum("events-epoll", Engines.events(TransportKind.EPOLL)),
            thrum("events-epoll-at-once", Engines.events(TransportKind.EPOLL, RestPolicy.AT_ONCE)));

    private RestContenders() {}

    public static List<Contender> all() {
        return ALL;
    }

    private static Contender thrum(String name, Engines.Starter engine) {
        return new Contender(name, connections -> ThrumHttp.start(engine.open(connections), connections));
    }
}
