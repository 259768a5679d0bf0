package dev.thrum.line;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** An engine of one kind, with line servers and their clients; the same test runs in real time and in simulation. */
final class Stage {
    static final String SIMULATION = "simulation";
    private static final String RESTING = ", resting";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(1);

    private final Engine engine;
    private final Waiting waiting;

    /** A test. */
    @FunctionalInterface
    interface Play {
        void act(Stage stage) throws Exception;
    }

    private interface Waiting {
        void until(String what, BooleanSupplier condition);
    }

    private Stage(Engine engine, Waiting waiting) {
        this.engine = engine;
        this.waiting = waiting;
    }

    /** The kinds of engine that this system has; on those with this suffix connections rest whenever they can. */
    static Stream<String> kinds() {
        List<String> kinds = new ArrayList<>(List.of("threads", "threads" + RESTING, "virtual", SIMULATION));
        for (TransportKind transport : TransportKind.values()) {
            if (transport.problem().isEmpty()) {
                kinds.add(transport.toString());
                kinds.add(transport + RESTING);
            }
        }
        return kinds.stream();
    }

    static void play(String kind, Play play) throws Exception {
        if (kind.equals(SIMULATION)) {
            // Some handlers fail on purpose; each test asserts what must not fail.
            trial(play).tolerating(Throwable.class).run(1);
            return;
        }
        try (EngineUnderTest under = EngineUnderTest.real(open(kind))) {
            under.run(() -> play.act(new Stage(under.engine(), under::until)));
        }
    }

    /** Runs the same test in simulated worlds. */
    static Trial trial(Play play) {
        return Trial.of(world -> play.act(new Stage(world.engine(), (what, condition) -> {
            long end = world.clock().nanoTime() + TIMEOUT.toNanos();
            while (!condition.getAsBoolean()) {
                if (world.clock().nanoTime() > end) {
                    throw new AssertionError("expected " + what);
                }
                sleep(world.engine());
            }
        })));
    }

    private static void sleep(Engine engine) {
        try {
            engine.clock().sleep(POLL_INTERVAL);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static Engine open(String kind) {
        String name = kind.replace(RESTING, "");
        RestPolicy resting = name.equals(kind) ? RestPolicy.WHEN_IDLE : RestPolicy.AT_ONCE;
        return switch (name) {
            case "threads" -> Engine.threads(8, 16, resting);
            case "virtual" -> Engine.virtual();
            default ->
                EventEngine.open(EventOptions.defaults()
                        .withLoops(2)
                        .withResting(resting)
                        .withTransport(TransportKind.valueOf(name.toUpperCase(Locale.ROOT))));
        };
    }

    Server listen(ConnectionHandler handler) throws IOException {
        return listen(handler, Limits.defaults());
    }

    Server listen(ConnectionHandler handler, Limits limits) throws IOException {
        return engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
    }

    Connection connect(Server server) throws IOException {
        return engine.connect(server.address(), TIMEOUT);
    }

    void until(String what, BooleanSupplier condition) {
        waiting.until(what, condition);
    }

    /** Waits until the only served connection has received this many bytes. */
    void untilServedGot(long bytes) {
        until("one served connection with " + bytes + " bytes", () -> {
            List<ConnectionInfo> served = engine.connections().stream()
                    .filter(info -> info.side() == ConnectionInfo.Side.SERVED)
                    .toList();
            return served.size() == 1 && served.getFirst().bytesIn() == bytes;
        });
    }

    /** Sends these bytes, ends the client's output, and returns all output of the server. */
    String exchange(Server server, byte[] bytes) throws IOException {
        try (Connection client = connect(server)) {
            client.writer().write(bytes);
            client.shutdownOutput();
            return Scene.textToEnd(client);
        }
    }

    String exchange(Server server, String text) throws IOException {
        return exchange(server, text.getBytes(StandardCharsets.UTF_8));
    }
}
