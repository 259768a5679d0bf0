package dev.thrum.engine.spi;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Engine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * How an engine waits: the part of an {@link Engine} that differs from one to the next. Programs use the engine.
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
     * Opens a connection; blocks the caller.
     *
     * @param deadline a reading of {@link Clock#nanoTime}
     */
    Wire connect(InetSocketAddress address, long deadline) throws IOException;

    /**
     * Runs a conversation over this wire on a thread of this engine; called once for a wire, or never.
     *
     * @throws RejectedExecutionException if every thread is busy and the waiting line is full
     */
    void start(Wire wire, Runnable conversation);

    /** Takes back a conversation that was started but still waits for a thread; it need not run any more. */
    void withdraw(Runnable conversation);

    /** How many conversations were started but still wait for a thread. */
    int waiting();

    /** Runs a task that may hold a thread for long, where it delays no other connection, and waits for it. */
    <T> T offload(Offload kind, Callable<T> task) throws Exception;

    /** How long something new waits for its turn; asks who takes turns, for a second at most. */
    default Duration lag() {
        return Duration.ZERO;
    }

    /**
     * Other people's code, a handler or a protocol's refusal, has failed with what is no event of the network. It has been
     * logged; an engine for tests makes more of it.
     */
    default void failed(Throwable cause) {}

    /** Whether the wires of this backend keep deadlines themselves. */
    boolean enforcesDeadlines();

    /** Waits, at most so long, until connections that take leave ({@link Wire#finish}) have done so. */
    void awaitLingeringCloses(Duration patience);

    /** Releases every thread; called once, when no conversation runs any more. */
    @Override
    void close();

    /** A bound address. */
    interface Listener extends AutoCloseable {
        /** The address with the port that was really bound. */
        InetSocketAddress address();

        /** Stops accepting and frees the address; when it returns, {@code accepted} is not called any more. */
        @Override
        void close();
    }
}
