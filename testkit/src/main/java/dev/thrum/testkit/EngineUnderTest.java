package dev.thrum.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Engine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * An engine together with the time and the threads that its tests use.
 *
 * <p>The contract's scenarios depend on nothing else, so the same scenario runs on sockets in real time and on a simulated
 * network in virtual time. In return a scenario uses no clock but {@link Engine#clock}, no threads but those of
 * {@link #fork}, no sockets but those of the engine, and no timed waits; waiting on a {@link CompletableFuture} or a latch
 * without a limit is fine.
 */
public interface EngineUnderTest extends AutoCloseable {
    /** The engine; every call returns the same one. */
    Engine engine();

    /** The address that a scenario's server listens on: a free port of this machine. */
    default InetSocketAddress anyAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * Runs a scenario to its end, and then waits for all its forks.
     *
     * <p>Called once. An exception of the scenario or of a fork is thrown here; the first failure ends the others. A
     * scenario that hangs fails too, with the stacks of its threads.
     */
    void run(Task scenario) throws Exception;

    /**
     * Starts a task that runs concurrently with its caller; {@link #run} waits for it.
     *
     * <p>May be called by the scenario, by forks and by handlers of the engine.
     *
     * @return completed when the task has ended; completed exceptionally if it threw
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> fork(String name, Task task);

    /**
     * Waits until a condition holds, checking it repeatedly.
     *
     * @param what a description of the condition, for the message if it never holds
     */
    void until(String what, BooleanSupplier condition);

    /** Whether time and network are simulated: then sizes are small and times are exact. */
    default boolean simulated() {
        return false;
    }

    /** Whether little data is enough, because time and network are simulated or each byte is dear. */
    default boolean small() {
        return simulated();
    }

    /** Whether all connections are encrypted: then a client that is refused gets an alert and no words. */
    default boolean encrypted() {
        return false;
    }

    /** Closes the engine, if the scenario has not. */
    @Override
    void close();

    /** A scenario, or a fork of one. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** An engine of real sockets and threads. */
    static EngineUnderTest real(Engine engine) {
        return new RealEngine(engine, false, false);
    }

    /** An engine of real sockets and threads, whose connections are all encrypted ({@link EncryptedBackend}). */
    static EngineUnderTest realEncrypted(Engine engine) {
        return new RealEngine(engine, true, false);
    }

    /** The same, for records of a few bytes: each byte is dear. */
    static EngineUnderTest realInSmallRecords(Engine engine) {
        return new RealEngine(engine, true, true);
    }
}
