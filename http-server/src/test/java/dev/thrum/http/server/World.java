package dev.thrum.http.server;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.EngineUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** An engine of one kind and the threads next to it: the same test runs on sockets and in the simulation. */
final class World {
    static final String KINDS = "dev.thrum.http.server.World#kinds";
    /** The suffix of engines on which connections rest whenever they can. */
    private static final String RESTING = ", resting";

    private static final String SIMULATION = "simulation";
    private static final int SEEDS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

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

    private interface Threads {
        Task fork(String name, Task task);
    }

    private World(Engine engine, Threads threads) {
        this.engine = engine;
        this.threads = threads;
    }

    static Stream<String> kinds() {
        return Stream.of(
                "threads",
                "threads" + RESTING,
                "virtual",
                "EPOLL",
                "EPOLL" + RESTING,
                "IO_URING",
                "IO_URING" + RESTING,
                "NIO",
                SIMULATION);
    }

    /** Plays a test on an engine of this kind, in the simulation with several seeds. */
    static void play(String kind, Play play) throws Exception {
        if (kind.equals(SIMULATION)) {
            simulate(Faults.none(), SEEDS, play);
            return;
        }
        try (EngineUnderTest under = EngineUnderTest.real(open(kind))) {
            under.run(() -> play.act(new World(under.engine(), (name, task) -> {
                CompletableFuture<Void> done = under.fork(name, task::run);
                return done::get;
            })));
        }
    }

    /** Plays a test on simulated networks with these faults. */
    static void simulate(Faults faults, int seeds, Play play) {
        int _ = Trial.of(world -> play.act(new World(world.engine(), (name, task) -> {
                    Simulation.Task<Boolean> forked = world.fork(name, () -> {
                        task.run();
                        return true;
                    });
                    return forked::join;
                })))
                .withFaults(faults)
                .check(seeds);
    }

    /** Opens an engine of a kind that is not simulated. */
    static Engine open(String kind) {
        String name = kind.replace(RESTING, "");
        RestPolicy resting = name.equals(kind) ? RestPolicy.WHEN_IDLE : RestPolicy.AT_ONCE;
        return switch (name) {
            case "threads" -> Engine.threads(8, 16, resting);
            case "virtual" -> Engine.virtual();
            default -> {
                TransportKind transport = TransportKind.valueOf(name);
                transport.problem().ifPresent(problem -> Assumptions.abort("not here: " + problem));
                yield EventEngine.open(
                        EventOptions.defaults().withTransport(transport).withResting(resting));
            }
        };
    }

    Engine engine() {
        return engine;
    }

    /** Starts a task that runs concurrently; the result waits for its end. */
    @CanIgnoreReturnValue
    Task fork(String name, Task task) {
        return threads.fork(name, task);
    }

    Server listen(ConnectionHandler handler) throws IOException {
        return listen(handler, Limits.defaults());
    }

    Server listen(ConnectionHandler handler, Limits limits) throws IOException {
        return engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    /** A client that has sent these bytes. */
    Connection ask(Server server, String bytes) throws IOException {
        Connection client = engine.connect(server.address(), TIMEOUT);
        boolean sent = false;
        try {
            client.writer().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            client.writer().flush();
            sent = true;
            return client;
        } finally {
            if (!sent) {
                client.reset();
            }
        }
    }

    /** Reads lines up to this one. */
    static void awaitLine(Connection client, String wanted) throws IOException {
        for (String line = ""; !line.equals(wanted); ) {
            line = client.reader()
                    .readLine(1_000)
                    .orElseThrow(() -> new AssertionError("expected the line " + wanted + " but the stream ended"));
        }
    }
}
