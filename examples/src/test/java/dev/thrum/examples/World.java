package dev.thrum.examples;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.http.client.ClientRequest;
import dev.thrum.http.client.ClientResponse;
import dev.thrum.http.client.HttpClient;
import dev.thrum.http.client.HttpClientConfig;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.EngineUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** An engine of one kind, the threads next to it and its clients; the same test runs on sockets and in the simulation. */
final class World {
    static final String KINDS = "dev.thrum.examples.World#kinds";
    static final String SIMULATION = "simulation";

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

    /** What the client got. */
    record Got(int status, String text, ClientResponse response) {}

    private World(Engine engine, Threads threads) {
        this.engine = engine;
        this.threads = threads;
    }

    static Stream<String> kinds() {
        return Stream.of("threads", "virtual", "events", SIMULATION);
    }

    static void play(String kind, Play play) throws Exception {
        if (kind.equals(SIMULATION)) {
            simulate(Faults.none(), 20, play);
            return;
        }
        try (EngineUnderTest under = EngineUnderTest.real(open(kind))) {
            under.run(() -> play.act(new World(under.engine(), (name, task) -> {
                CompletableFuture<Void> done = under.fork(name, task::run);
                return done::get;
            })));
        }
    }

    @CanIgnoreReturnValue
    static int simulate(Faults faults, int seeds, Play play) {
        return Trial.of(world -> play.act(new World(world.engine(), (name, task) -> {
                    Simulation.Task<Boolean> forked = world.fork(name, () -> {
                        task.run();
                        return true;
                    });
                    return forked::join;
                })))
                .withFaults(faults)
                .check(seeds);
    }

    private static Engine open(String kind) {
        return switch (kind) {
            case "threads" -> Engine.threads(32, 64);
            case "virtual" -> Engine.virtual();
            case "events" -> EventEngine.open(EventOptions.defaults().withLoops(2));
            default -> throw new IllegalArgumentException("expected a kind of engine but was " + kind);
        };
    }

    Engine engine() {
        return engine;
    }

    /** Starts a task that runs concurrently; the result waits for its end. */
    Task fork(String name, Task task) {
        return threads.fork(name, task);
    }

    Server listen(ConnectionHandler handler) throws IOException {
        return listen(handler, Limits.defaults());
    }

    Server listen(ConnectionHandler handler, Limits limits) throws IOException {
        return engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    /** The URI that this handler serves. */
    URI serve(ConnectionHandler handler) throws IOException {
        return uri(listen(handler));
    }

    static URI uri(Server server) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + "/");
    }

    Connection connect(Server server) throws IOException {
        return engine.connect(server.address(), Duration.ofSeconds(30));
    }

    Connection connect(URI uri) throws IOException {
        return engine.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()), Duration.ofSeconds(30));
    }

    HttpClient client() {
        return HttpClient.over(engine, HttpClientConfig.defaults().withCompression(false));
    }

    static Got send(HttpClient client, ClientRequest request) throws IOException {
        try (ClientResponse response = client.send(request)) {
            return new Got(response.status(), response.text(), response);
        }
    }

    /** Runs a task several times, concurrently, and waits for all. */
    void times(int count, Task task) throws Exception {
        List<Task> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            running.add(fork("task-" + i, task));
        }
        for (Task each : running) {
            each.run();
        }
    }
}
