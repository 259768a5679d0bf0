package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one connection. A timer that fires only queues its task and ends the owner's wait for input; the owner
 * runs the task.
 */
final class ConnectionTimers {
    private final Connection connection;

    /** The timers that have not ended. */
    private final Set<Scheduled> live = ConcurrentHashMap.newKeySet();

    /** The tasks to run: the engine's timers add, the owner of the input takes. */
    private final Queue<Scheduled> due = new ConcurrentLinkedQueue<>();

    // Set once, by the thread that ends the conversation; a thread that starts a timer adds it to live first and then
    // reads this.
    private volatile boolean ended;

    ConnectionTimers(Connection connection) {
        this.connection = connection;
    }

    /** Starts a timer; it fires once if the period is zero. */
    Clock.Timer add(Duration delay, Duration period, Connection.Task task) {
        requireDelay(delay);
        Scheduled scheduled =
                new Scheduled(task, Clock.nanos(period), connection.clock().nanoTime() + Clock.nanos(delay));
        live.add(scheduled);
        scheduled.start(delay);
        if (ended) {
            end();
        }
        return scheduled;
    }

    /** Checks the delay of a timer, of a connection or of the engine. */
    static void requireDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("expected a delay of zero or more but it was " + DurationText.of(delay));
        }
    }

    /** Starts a timer that fires again and again. */
    Clock.Timer addRepeated(Duration delay, Duration period, Connection.Task task) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("expected a period above zero but it was " + DurationText.of(period));
        }
        return add(delay, period, task);
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    /** Runs the tasks that are due; called by the owner of the input. */
    void runDue() throws IOException {
        for (Scheduled next = due.poll(); next != null; next = due.poll()) {
            next.run();
        }
    }

    void end() {
        ended = true;
        live.forEach(Scheduled::cancel);
    }

    private final class Scheduled implements Clock.Timer {
        private final Connection.Task task;
        private final long period;

        // Owned by the owner of the input: when it is to run next.
        private long next;

        // The engine's timer; written by the owner of the input.
        private volatile Clock.@Nullable Timer timer;

        // Set by any thread, never cleared.
        private volatile boolean cancelled;

        Scheduled(Connection.Task task, long period, long next) {
            this.task = task;
            this.period = period;
            this.next = next;
        }

        void start(Duration delay) {
            timer = connection.engine().backend().schedule(connection.wire().base(), delay, this::fire);
            if (cancelled) {
                cancel();
            }
        }

        private void fire() {
            due.add(this);
            connection.wire().wake();
        }

        void run() throws IOException {
            if (cancelled) {
                return;
            }
            if (period == 0) {
                cancelled = true;
                live.remove(this);
            }
            task.run();
            if (!cancelled) {
                long now = connection.clock().nanoTime();
                long missed = Math.max(0, (now - next) / period);
                next += (missed + 1) * period;
                start(Duration.ofNanos(next - now));
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            live.remove(this);
            Clock.Timer started = timer;
            if (started != null) {
                started.cancel();
            }
        }
    }
}
