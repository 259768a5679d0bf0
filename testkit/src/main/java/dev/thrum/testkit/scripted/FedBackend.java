package dev.thrum.testkit.scripted;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose connections read given bytes on the calling thread, with a clock that does not advance: the fastest way to
 * test a parser. Owned by one thread.
 */
public final class FedBackend implements EngineBackend {
    public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private @Nullable Wire next;

    /** An engine on this backend. */
    public static final class Fed implements AutoCloseable {
        private final FedBackend backend = new FedBackend();
        private final Engine engine = new Engine(backend);

        /** Opens a connection over this wire. */
        public Connection connect(FedWire wire) {
            backend.next = wire;
            try {
                return engine.connect(NOWHERE, Duration.ofSeconds(1));
            } catch (IOException e) {
                throw new AssertionError("expected a connection without a network but there was none", e);
            }
        }

        /** The engine; the next connection that it opens is over this wire. */
        public Engine opening(FedWire wire) {
            backend.next = wire;
            return engine;
        }

        /** Serves this wire to its end, as an engine does: a broken connection is not a failure. */
        public void serve(FedWire wire, ConnectionHandler handler) {
            Connection connection = connect(wire);
            try {
                handler.handle(connection);
            } catch (IOException e) {
                wire.broke(e);
            } catch (Exception e) {
                throw new AssertionError("expected no exception but an IOException", e);
            }
            try {
                connection.close();
            } catch (IOException e) {
                wire.broke(e);
            }
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private static final class StoppedClock implements Clock {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public Instant instant() {
            return NOW;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("expected no sleep on a stopped clock");
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            return () -> {};
        }
    }

    @Override
    public String name() {
        return "fed";
    }

    @Override
    public Clock clock() {
        return new StoppedClock();
    }

    @Override
    public Listener listen(InetSocketAddress address, Consumer<Wire> accepted) {
        throw new UnsupportedOperationException("expected no server where bytes are fed: call the handler");
    }

    @Override
    public CompletableFuture<List<InetAddress>> lookUp(String host) {
        return CompletableFuture.completedFuture(List.of(InetAddress.getLoopbackAddress()));
    }

    @Override
    public Wire connect(InetSocketAddress address, long deadline) {
        return Objects.requireNonNull(next);
    }

    @Override
    public void start(Wire wire, Runnable conversation) {
        throw new UnsupportedOperationException("expected no server where bytes are fed: call the handler");
    }

    @Override
    public void aside(Runnable task) {
        task.run();
    }

    @Override
    public void withdraw(Runnable conversation) {}

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return task.call();
    }

    @Override
    public boolean enforcesDeadlines() {
        return true;
    }

    @Override
    public void awaitLingeringCloses(Duration patience) {}

    @Override
    public void close() {}
}
