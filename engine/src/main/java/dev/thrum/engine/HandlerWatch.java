package dev.thrum.engine;

import dev.thrum.base.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A detector of handlers that harm others and have neither read nor written for a long time: they hold a worker that
 * others wait for, wait for a monitor, or occupy a processor. Each occurrence is logged once.
 *
 * <p>The reaper passes every connection at every tick. A connection that moves no byte between two ticks and does not
 * wait for its peer is recorded; its thread is examined only when that has lasted for {@code limit}. Owned by the
 * timer's thread; others may ask for what the last tick has found.
 */
final class HandlerWatch {
    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private final Duration limit;

    /** What the last tick has found; never changed. */
    private volatile Map<Connection, Silence> before = Map.of();

    private Map<Connection, Silence> silent = new HashMap<>();

    /** The time since which a handler has moved no byte, and whether that was reported. */
    private record Silence(long bytes, long since, boolean reported) {}

    HandlerWatch(Duration limit) {
        this.limit = limit;
    }

    /** Checks one connection in this tick. */
    void look(Connection connection, int waitingForWorkers, long now) {
        // A connection without a handler belongs to its caller, which holds no thread of the engine.
        if (connection.life().handler().isEmpty() || isWaiting(connection)) {
            return;
        }
        long bytes = bytes(connection);
        Silence known = before.get(connection);
        if (known == null || known.bytes() != bytes) {
            known = new Silence(bytes, now, false);
        }
        if (!known.reported() && now - known.since() >= limit.toNanos()) {
            known = new Silence(
                    bytes, known.since(), report(connection, waitingForWorkers, bytes, now - known.since()));
        }
        silent.put(connection, known);
    }

    /** How long a handler has neither waited for its peer nor moved a byte, as of the last tick; zero if it has. */
    Duration silence(Connection connection, long now) {
        Silence known = before.get(connection);
        return known == null || known.bytes() != bytes(connection)
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, now - known.since()));
    }

    /** Ends the tick: every connection has been checked. */
    void endTick() {
        before = silent;
        silent = new HashMap<>();
    }

    /** Whether one of its owners waits: for input, for output, or for a worker. */
    private static boolean isWaiting(Connection connection) {
        return connection.waiting().isWaiting() || connection.sending().isWaiting();
    }

    /** The number of bytes moved in both directions. */
    private static long bytes(Connection connection) {
        return connection.bytesIn() + connection.bytesOut();
    }

    private static boolean report(Connection connection, int waitingForWorkers, long bytes, long nanos) {
        Optional<Thread> handler = connection.life().handler();
        Optional<String> harm = handler.flatMap(thread -> harm(thread, waitingForWorkers));
        if (handler.isEmpty() || harm.isEmpty()) {
            return false;
        }
        Throwable stack = Threads.stack(handler.get());
        // The worker may serve another client by now; its stack would then be that of the wrong conversation.
        if (connection.isClosed() || isWaiting(connection) || bytes(connection) != bytes) {
            return false;
        }
        LOG.log(
                Level.WARNING,
                "the handler of connection " + connection.number() + " has neither read nor written for "
                        + Duration.ofNanos(nanos).toMillis() + " ms, and " + harm.get() + " ("
                        + handler.get().getName() + ")",
                stack);
        return true;
    }

    private static Optional<String> harm(Thread thread, int waitingForWorkers) {
        if (waitingForWorkers > 0) {
            return Optional.of("holds its worker while " + waitingForWorkers + " connections wait for one; raise the"
                    + " number of workers, or give long operations a deadline");
        }
        return switch (thread.getState()) {
            case BLOCKED ->
                Optional.of("waits for a monitor that another thread holds; no lock should be held that long");
            case RUNNABLE ->
                thread.isVirtual()
                        ? Optional.of("keeps a processor from other virtual threads; offload long computations")
                        : Optional.empty();
            case NEW, WAITING, TIMED_WAITING, TERMINATED -> Optional.empty();
        };
    }
}
