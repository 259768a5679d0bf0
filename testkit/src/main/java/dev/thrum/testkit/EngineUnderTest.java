package dev.thrum.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Engine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * An engine together with the time and the threads its tests live in.
 *
 * <p>The contract's scenarios know nothing else of their surroundings, so the same scenario runs on sockets in real time
 * and on a simulated network in virtual time. In return a scenario uses no clock but {@link Engine#clock}, no thread but
 * those of {@link #fork}, no socket but those of the engine, and no wait with a time limit; waiting on a
 * {@link CompletableFuture} or a latch without one is fine.
 */
public interface EngineUnderTest extends AutoCloseable {
    /** The same engine at every call. */
    Engine engine();

    /** Where a scenario's server listens: a free port on this machine. */
    default InetSocketAddress anyAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /**
     * Plays a scenario to its end, and then waits for everything it forked.
     *
     * <p>Called once. What the scenario or a fork throws is thrown here; the first failure ends the others. A scenario
     * that hangs is a failure too, and says where.
     */
    void run(Task scenario) throws Exception;

    /**
     * Starts a task that runs beside its caller; {@link #run} waits for it.
     *
     * <p>May be called by the scenario, by forks and by handlers of the engine.
     *
     * @return done when the task has ended, exceptionally if it threw
     */
    @CanIgnoreReturnValue
    CompletableFuture<Void> fork(String name, Task task);

    /**
     * Waits until a condition holds, looking at it again and again.
     *
     * @param what what the condition says, for the message of the failure if it never holds
     */
    void until(String what, BooleanSupplier condition);

    /** Whether time and network are simulated: then sizes are small and times are exact. */
    default boolean simulated() {
        return false;
    }

    /** Closes the engine, if the scenario has not. */
    @Override
    void close();

    /** A scenario, or a part of one that runs beside it. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    /** An engine of real sockets and threads. */
    static EngineUnderTest real(Engine engine) {
        return new RealEngine(engine);
    }
}
