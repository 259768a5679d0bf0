package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The part of an {@link Engine} that differs between engines: threads, sockets and waiting. Programs use the engine.
 *
 * <p>Everything else (admission, deadlines, the registry, draining) is written once, above this interface.
 */
public interface EngineBackend extends AutoCloseable {
    /** The engine's name: {@code threads}, {@code virtual}, ... */
    String name();

    Clock clock();

    /** Accepts connections and hands each to {@code accepted}, on a thread of the backend; that call never blocks. */
    Listener listen(InetSocketAddress address, Consumer<Wire> accepted) throws IOException;

    /**
     * Begins to look up the addresses of a host by its name, and returns at once. The future fails with an
     * {@link java.net.UnknownHostException} if there are none; callers may share it, so they don't complete it.
     */
    CompletableFuture<List<InetAddress>> lookUp(String host);

    /**
     * Opens a connection; blocks the caller.
     *
     * @param address its host is resolved
     * @param deadline a reading of {@link Clock#nanoTime}
     */
    Wire connect(InetSocketAddress address, long deadline) throws IOException;

    /**
     * Runs a conversation over this wire on a thread of this engine; called once for a wire, or never. A conversation that
     * ends by resting goes on by {@link #resume}.
     *
     * @throws RejectedExecutionException if every thread is busy and the waiting line is full
     */
    void start(Wire wire, Runnable conversation);

    /** Runs a conversation that has rested; never refused for want of a thread. */
    default void resume(Wire wire, Runnable conversation) {
        start(wire, conversation);
    }

    /** Runs a task that may wait on a virtual thread of this engine, which is no conversation. */
    void aside(Runnable task);

    /** Sends the messages of a wire's outbox; returns at once. */
    default void drain(Wire wire, Outgoing messages) {
        aside(messages::sendAll);
    }

    /**
     * Runs a task after a delay, for a connection over this wire, on a thread of this engine's timers: the task must be
     * short and must not block. Event loops use timers of their own.
     */
    default Clock.Timer schedule(Wire wire, Duration delay, Runnable task) {
        return clock().schedule(delay, task);
    }

    /** Takes back a conversation that was started but still waits for a thread; it need not run any more. */
    void withdraw(Runnable conversation);

    /** The number of conversations that were started but still wait for a thread. */
    int waiting();

    /**
     * Runs a task that may hold its thread for a long time, where it delays no other connection, and waits for its
     * result.
     */
    <T> T offload(Offload kind, Callable<T> task) throws Exception;

    /** The event loops, if there are any. Each is asked for a turn, all together for at most one second. */
    default List<LoopState> loops() {
        return List.of();
    }

    /** The threads that run tasks which are no conversations ({@link #aside}), for reports. */
    default List<Thread> asideThreads() {
        return List.of();
    }

    /**
     * A handler, or a protocol's refusal, has failed with an exception that is not an I/O failure. It has been logged
     * already; an engine for tests fails the test.
     */
    default void failed(Throwable cause) {}

    /** Whether the wires of this backend keep deadlines themselves. */
    boolean enforcesDeadlines();

    /** Waits, at most this long, until no lingering close ({@link Wire#finish}) is in progress. */
    void awaitLingeringCloses(Duration patience);

    /** Releases every thread; called once, when no conversation runs any more. */
    @Override
    void close();

    /**
     * The state of an event loop.
     *
     * @param name of its thread
     * @param connections the number of its connections
     * @param lag how long a new task waits for its turn; if it got none in a second, how long the current task has been
     *     running, at least
     * @param keeper the thread that has not let go of the loop meanwhile
     */
    record LoopState(String name, int connections, Duration lag, Optional<Thread> keeper) {}

    /** A bound address. */
    interface Listener extends AutoCloseable {
        /** The address with the actual port. */
        InetSocketAddress address();

        /** Stops accepting and frees the address; when it returns, {@code accepted} is not called any more. */
        @Override
        void close();
    }
}
