package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.EngineBackend;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A timer task that ends waits whose deadline has passed, for engines whose system calls have no deadlines.
 *
 * <p>A blocking write can't have a time limit, and timed reads would need a timer for every read of every connection.
 * Checking all connections every tick costs less: about half a millisecond for 10,000 of them.
 */
final class Reaper {
    private static final Duration TICK = Duration.ofMillis(100);
    /** A tick later than this shows that the process was suspended. */
    private static final Duration LONGEST_TICK = TICK.multipliedBy(3);
    /** How long an evicted conversation counts as leaving; one that takes longer makes no room for those that wait. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** How long a connection of an exchange handler waits on its thread before it is asked to rest. */
    private static final Duration REST = Duration.ofSeconds(2);
    /** A handler that has moved no byte for this long may be reported. */
    private static final Duration LONG = Duration.ofSeconds(10);

    private final EngineBackend backend;
    private final Registry registry;
    private final HandlerWatch watch;

    // Owned by the timer's thread: when the last tick was, if there was one.
    private Optional<Long> last = Optional.empty();

    // Set by the closing thread, read by the timer thread.
    private volatile boolean stopped;

    Reaper(EngineBackend backend, Registry registry) {
        this.backend = backend;
        this.registry = registry;
        this.watch = new HandlerWatch(LONG);
    }

    void start() {
        backend.clock().schedule(TICK, this::tick);
    }

    HandlerWatch watch() {
        return watch;
    }

    void stop() {
        stopped = true;
    }

    private void tick() {
        try {
            look(backend.clock().nanoTime());
        } finally {
            if (!stopped) {
                start();
            }
        }
    }

    /**
     * Checks every connection. If the process was suspended since the last tick, input that arrived meanwhile could
     * not be read; deadlines that passed then are enforced at the next tick.
     */
    void look(long now) {
        long due = last.map(before -> Math.min(now - before, LONGEST_TICK.toNanos()) + before)
                .orElse(now);
        last = Optional.of(now);
        int waiting = backend.waiting();
        for (Connection connection : registry.live()) {
            cutIfDue(connection, due);
            suggestRest(connection, due);
            watch.look(connection, waiting, due);
        }
        watch.endTick();
        makeRoom(waiting, due);
    }

    private static void cutIfDue(Connection connection, long now) {
        switch (connection.waiting().expireIfDue(now)) {
            case MESSAGE, EXCHANGE, INPUT -> connection.wire().expireRead();
            case HANDSHAKE -> connection.wire().reset();
            case OUTPUT, PAUSE, WORKER, RESTING, NOTHING -> {}
        }
        if (connection.sending().expireIfDue(now) == Waiting.OUTPUT) {
            connection.output().expire();
        }
    }

    private static void suggestRest(Connection connection, long now) {
        WaitState.Wait wait = connection.waiting().current();
        if (connection.input().isBetweenExchanges(wait)
                && now - wait.since() >= REST.toNanos()
                && connection.life().handler().isPresent()) {
            connection.wire().suggestRest();
        }
    }

    /**
     * While conversations wait for a worker, evicts as many that serve idle clients, the longest idle first; those that were
     * evicted before and have not ended yet are included in the count. A connection that this side has opened is never
     * evicted: if its peer is silent, it may be working on a response, and the program ends it itself. Nor is one that comes
     * in exchanges: half of the workers are always free for those.
     */
    private void makeRoom(int wanted, long now) {
        if (wanted == 0) {
            return;
        }
        long leaving = registry.live().stream()
                .filter(connection -> connection.life().isLeaving(now, GRACE))
                .count();
        if (wanted <= leaving) {
            return;
        }
        // Each wait is read once: it may end while this list is sorted.
        List<Idle> idle = registry.live().stream()
                .filter(connection -> connection.side() == ConnectionInfo.Side.SERVED)
                .map(connection -> new Idle(connection, connection.waiting().current()))
                .filter(it -> it.isTooLong(now)
                        && !it.connection().input().isBetweenExchanges(it.what())
                        && !it.connection().sending().isWaiting())
                .sorted(Comparator.comparingLong(it -> it.what().since() - now))
                .toList();
        int cut = 0;
        for (Idle it : idle) {
            if (cut < wanted - leaving && it.connection().waiting().expire(it.what())) {
                it.connection().life().evict(now);
                it.connection().wire().expireRead();
                cut++;
            }
        }
    }

    /** A connection and the wait that was read from it. */
    private record Idle(Connection connection, WaitState.Wait what) {
        boolean isTooLong(long now) {
            // Between two exchanges no work is interrupted.
            Duration patience = what.what() == Waiting.EXCHANGE
                    ? ConnectionLife.DRAIN_GRACE
                    : connection.deadlines().idleUnderLoad();
            return what.isForMessage() && now - what.since() >= patience.toNanos();
        }
    }
}
