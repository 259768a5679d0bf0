package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.EngineBackend;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Ends waits that outlast their deadline, for engines whose system calls know none.
 *
 * <p>A blocking write can't be given a time limit, and a timed read costs every read of every connection a timer. One
 * look at all connections every tick costs less: at 10,000 of them about half a millisecond.
 */
final class Reaper {
    private static final Duration TICK = Duration.ofMillis(100);
    /** A tick that comes later than this says that the process stood still. */
    private static final Duration LONGEST_TICK = TICK.multipliedBy(3);
    /** How long one who was told to leave counts as leaving; who takes longer makes no room for those who wait. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** A handler that has moved no byte for so long may be reported. */
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
     * Looks at every connection. Where the process stood still since the last tick, what came meanwhile has been read by
     * nobody: deadlines that passed then are kept at the next tick.
     */
    void look(long now) {
        long due = last.map(before -> Math.min(now - before, LONGEST_TICK.toNanos()) + before)
                .orElse(now);
        last = Optional.of(now);
        int waiting = backend.waiting();
        for (Connection connection : registry.live()) {
            cutIfDue(connection, due);
            watch.look(connection, waiting, due);
        }
        watch.endTick();
        makeRoom(waiting, due);
    }

    private static void cutIfDue(Connection connection, long now) {
        switch (connection.waiting().expireIfDue(now)) {
            case MESSAGE, EXCHANGE, INPUT -> connection.wire().expireRead();
            case OUTPUT -> connection.wire().reset();
            case WORKER, NOTHING -> {}
        }
    }

    /**
     * While others wait for a worker, as many idle conversations end, the longest idle first; those that were told so
     * before and have not ended yet are among them.
     */
    private void makeRoom(int wanted, long now) {
        if (wanted == 0) {
            return;
        }
        long leaving = registry.live().stream()
                .filter(connection -> connection.isLeaving(now, GRACE))
                .count();
        if (wanted <= leaving) {
            return;
        }
        // Each wait is looked at once: it may end while this list is sorted.
        List<Idle> idle = registry.live().stream()
                .filter(connection -> connection.side() == ConnectionInfo.Side.SERVED)
                .map(connection -> new Idle(connection, connection.waiting().current()))
                .filter(it -> it.isTooLong(now))
                .sorted(Comparator.comparingLong(it -> it.what().since() - now))
                .toList();
        int cut = 0;
        for (Idle it : idle) {
            if (cut < wanted - leaving && it.connection().waiting().expire(it.what())) {
                it.connection().evictIdle(now);
                cut++;
            }
        }
    }

    /** A connection with what it waited for when it was looked at. */
    private record Idle(Connection connection, WaitState.Wait what) {
        boolean isTooLong(long now) {
            // Between two exchanges nobody is in the middle of anything.
            Duration patience = what.what() == Waiting.EXCHANGE
                    ? Connection.DRAIN_GRACE
                    : connection.deadlines().idleUnderLoad();
            return what.isForMessage() && now - what.since() >= patience.toNanos();
        }
    }
}
