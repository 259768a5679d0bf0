package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.netty.EventEngine;
import dev.thrum.netty.EventOptions;
import dev.thrum.netty.Transport;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A way to build a server that answers lines, under the name that the tables call it by.
 *
 * @param name letters, digits, {@code -}, {@code _} and {@code /}
 * @param starter starts it
 */
record Contender(String name, Starter starter) {
    /** Workers of engine {@code threads} beyond the connections measured: the last ones may not have ended yet. */
    private static final int SPARE_WORKERS = 512;

    private static final List<Contender> ALL = List.of(
            straight("events-epoll", connections -> events(Transport.EPOLL)),
            callbacks("events-epoll", connections -> events(Transport.EPOLL)),
            straight("events-io_uring", connections -> events(Transport.IO_URING)),
            callbacks("events-io_uring", connections -> events(Transport.IO_URING)),
            straight("events-nio", connections -> events(Transport.NIO)),
            callbacks("events-nio", connections -> events(Transport.NIO)),
            straight("virtual", connections -> Engine.virtual()),
            callbacks("virtual", connections -> Engine.virtual()),
            straight("threads", Contender::threads),
            callbacks("threads", Contender::threads),
            new Contender("netty-epoll", connections -> NettyEcho.epoll()),
            new Contender("netty-io_uring", connections -> NettyEcho.ioUring()),
            new Contender("netty-nio", connections -> NettyEcho.nio()),
            new Contender("vertx", connections -> VertxEcho.start()),
            new Contender("thread-per-connection", connections -> PlainEcho.start()));

    /** Starts a server. */
    @FunctionalInterface
    interface Starter {
        /**
         * Starts it for so many connections at once.
         *
         * @throws UnsupportedOperationException if this machine or this build can't run it; the message says why
         */
        EchoServer start(int connections) throws Exception;
    }

    private interface EngineStarter {
        Engine open(int connections);
    }

    static List<Contender> all() {
        return ALL;
    }

    static Optional<Contender> named(String name) {
        return ALL.stream().filter(contender -> contender.name.equals(name)).findFirst();
    }

    static String names() {
        return ALL.stream().map(Contender::name).collect(Collectors.joining(", "));
    }

    /** Whether this is its name, or that of its engine. */
    boolean answersTo(String word) {
        return name.equals(word) || name.startsWith(word + "/");
    }

    private static Contender straight(String engine, EngineStarter starter) {
        return new Contender(
                engine + "/straight", connections -> ThrumEcho.straight(starter.open(connections), connections));
    }

    private static Contender callbacks(String engine, EngineStarter starter) {
        return new Contender(
                engine + "/callbacks", connections -> ThrumEcho.callbacks(starter.open(connections), connections));
    }

    /** One loop, as the server has one core. */
    private static Engine events(Transport transport) {
        return EventEngine.open(EventOptions.defaults().withTransport(transport).withLoops(1));
    }

    private static Engine threads(int connections) {
        return Engine.threads(connections + SPARE_WORKERS, 0);
    }
}
