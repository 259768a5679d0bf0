package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.LinkFaults;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.EngineUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** An engine of one kind, and threads for a test; the same test runs in real time and in simulation. */
final class World {
    static final String SIMULATION = "simulation";
    static final Faults BYTEWISE = (_, _, _) -> LinkFaults.none().withSegments(1, 1);

    private final Engine engine;
    private final Threads threads;

    /** A part of a test. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** A test. */
    @FunctionalInterface
    interface Play {
        void act(World world) throws Exception;
    }

    /** The look-up of a host; may wait by the clock. */
    @FunctionalInterface
    interface Names {
        List<InetAddress> find(Clock clock, String host) throws InterruptedException;
    }

    private interface Threads {
        Waiting fork(String name, Task task);
    }

    /** A task that runs concurrently. */
    interface Waiting {
        void join() throws Exception;
    }

    private World(Engine engine, Threads threads) {
        this.engine = engine;
        this.threads = threads;
    }

    /** The kinds of engine that this system supports. */
    static Stream<String> kinds() {
        List<String> kinds = new ArrayList<>(List.of("threads", "virtual", SIMULATION));
        for (TransportKind transport : TransportKind.values()) {
            if (transport.problem().isEmpty()) {
                kinds.add(transport.toString());
            }
        }
        return kinds.stream();
    }

    static void play(String kind, Play play) throws Exception {
        if (kind.equals(SIMULATION)) {
            simulate(Faults.none(), 1, play);
            return;
        }
        try (EngineUnderTest under = EngineUnderTest.real(open(kind))) {
            under.run(() -> play.act(new World(under.engine(), (name, task) -> {
                CompletableFuture<Void> done = under.fork(name, task::run);
                return done::get;
            })));
        }
    }

    static void simulate(Faults faults, long seed, Play play) {
        Trial.of(world -> play.act(of(world))).withFaults(faults).run(seed);
    }

    /** With this look-up of host names. */
    static void simulate(Faults faults, long seed, Names names, Play play) {
        Trial.of(world -> {
                    world.names(host -> {
                        try {
                            return names.find(world.clock(), host);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("expected no interrupt", e);
                        }
                    });
                    play.act(of(world));
                })
                .withFaults(faults)
                .run(seed);
    }

    private static World of(Simulation world) {
        return new World(world.engine(), (name, task) -> {
            Simulation.Task<Boolean> forked = world.fork(name, () -> {
                task.run();
                return true;
            });
            return forked::join;
        });
    }

    private static Engine open(String kind) {
        return switch (kind) {
            case "threads" -> Engine.threads(32, 64);
            case "virtual" -> Engine.virtual();
            default ->
                EventEngine.open(EventOptions.defaults()
                        .withLoops(2)
                        .withTransport(TransportKind.valueOf(kind.toUpperCase(Locale.ROOT))));
        };
    }

    Engine engine() {
        return engine;
    }

    Clock clock() {
        return engine.clock();
    }

    Waiting fork(String name, Task task) {
        return threads.fork(name, task);
    }

    /** Serves with this handler, and returns the URI. */
    URI serve(ConnectionHandler handler) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int port = engine.listen(any, handler, Limits.defaults()).address().getPort();
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    HttpClient client(HttpClientConfig config) {
        return HttpClient.over(engine, config);
    }
}
