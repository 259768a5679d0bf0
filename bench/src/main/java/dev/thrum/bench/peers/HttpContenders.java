package dev.thrum.bench.peers;

import dev.thrum.events.TransportKind;
import java.util.List;

/** The contenders for HTTP, in the order of the tables. */
public final class HttpContenders {
    private static final List<Contender> ALL = List.of(
            thrum("events-epoll", Engines.events(TransportKind.EPOLL)),
            thrum("events-io_uring", Engines.events(TransportKind.IO_URING)),
            thrum("events-nio", Engines.events(TransportKind.NIO)),
            thrum("virtual", Engines.virtual()),
            thrum("threads", Engines.threads()),
            new Contender("netty-epoll", _ -> NettyServer.epoll(NettyHttp::pipeline)),
            new Contender("netty-io_uring", _ -> NettyServer.ioUring(NettyHttp::pipeline)),
            new Contender("netty-nio", _ -> NettyServer.nio(NettyHttp::pipeline)),
            new Contender("vertx", _ -> VertxHttp.start()),
            new Contender("helidon", _ -> HelidonHttp.direct()),
            new Contender("helidon-async", _ -> HelidonHttp.queued()),
            new Contender("jetty", _ -> JettyHttp.pooled()),
            new Contender("jetty-virtual", _ -> JettyHttp.virtual()),
            new Contender("undertow", _ -> UndertowHttp.start()),
            new Contender("jdk", _ -> JdkHttp.start()));

    private HttpContenders() {}

    public static List<Contender> all() {
        return ALL;
    }

    private static Contender thrum(String name, Engines.Starter engine) {
        return new Contender(name, connections -> ThrumHttp.start(engine.open(connections), connections));
    }
}
