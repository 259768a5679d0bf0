package dev.thrum.bench.peers;

import dev.thrum.events.TransportKind;
import java.util.ArrayList;
import java.util.List;

/** The contenders for lines, in the order of the tables. */
public final class LineContenders {
    private static final List<Contender> ALL = list();

    private LineContenders() {}

    public static List<Contender> all() {
        return ALL;
    }

    private static List<Contender> list() {
        List<Contender> list = new ArrayList<>();
        list.addAll(styles("events-epoll", Engines.events(TransportKind.EPOLL)));
        list.addAll(styles("events-io_uring", Engines.events(TransportKind.IO_URING)));
        list.addAll(styles("events-nio", Engines.events(TransportKind.NIO)));
        list.addAll(styles("virtual", Engines.virtual()));
        list.addAll(styles("threads", Engines.threads()));
        list.add(new Contender("netty-epoll", _ -> NettyServer.epoll(NettyEcho::pipeline)));
        list.add(new Contender("netty-io_uring", _ -> NettyServer.ioUring(NettyEcho::pipeline)));
        list.add(new Contender("netty-nio", _ -> NettyServer.nio(NettyEcho::pipeline)));
        list.add(new Contender("vertx", _ -> VertxEcho.start()));
        list.add(new Contender("thread-per-connection", _ -> PlainEcho.start()));
        return List.copyOf(list);
    }

    private static List<Contender> styles(String name, Engines.Starter engine) {
        return List.of(
                new Contender(
                        name + "/straight", connections -> ThrumEcho.straight(engine.open(connections), connections)),
                new Contender(
                        name + "/callbacks",
                        connections -> ThrumEcho.callbacks(engine.open(connections), connections)));
    }
}
