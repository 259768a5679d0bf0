package dev.thrum.bench.peers;

import dev.thrum.events.TransportKind;
import java.util.List;

/** The contenders for broadcasts, in the order of the tables. */
public final class PushContenders {
    private static final List<Contender> ALL = List.of(
            thrum("events-epoll", Engines.events(TransportKind.EPOLL)),
            thrum("virtual", Engines.virtual()),
            new Contender("netty-epoll", _ -> NettyServer.epoll(NettyPush::pipeline)));

    private PushContenders() {}

    public static List<Contender> all() {
        return ALL;
    }

    private static Contender thrum(String name, Engines.Starter engine) {
        return new Contender(name, connections -> ThrumPush.start(engine.open(connections), connections));
    }
}
