package dev.thrum.events;

import java.util.BitSet;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop: a hashed wheel (Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987, scheme 6), in
 * which adding and cancelling a timer take constant time. Owned by the loop's thread.
 *
 * <p>Time is divided into ticks of {@link #TICK_NANOS}. A timer waits in the slot of its tick, modulo the number of slots,
 * and runs at the end of that tick: never early, and hardly more than a tick late. Timers of one tick run in the order they
 * were added. While the wheel has timers, one task of the loop is scheduled, for the next slot that has any; slots without
 * timers cost nothing.
 */
final class TimerWheel {
    static final long TICK_NANOS = 10_000_000;

    /** A power of two; a round takes ten seconds. */
    static final int SLOTS = 1_024;

    private final LongSupplier nanoTime;
    private final Alarm alarm;
    private final BiConsumer<String, Throwable> failures;

    /** The time of tick 0. */
    private final long origin;

    // The timers of a slot are a list, from the first to the last.
    private final @Nullable Timer[] firsts = new Timer[SLOTS];
    private final @Nullable Timer[] lasts = new Timer[SLOTS];

    /** The slots that have timers. */
    private final BitSet used = new BitSet(SLOTS);

    private int size;

    /** This tick and all earlier ones are over: their timers have run. */
    private long over;

    /** The loop's task, and the tick that it is for. Null if none is scheduled. */
    private @Nullable Future<?> task;

    private long awaited;

    /** The timer to check next, while timers run; cancelling it moves this on. */
    private @Nullable Timer cursor;

    private boolean running;

    /** Schedules tasks of the loop. */
    @FunctionalInterface
    interface Alarm {
        /** Runs a task once, on the loop's thread. */
        Future<?> set(long delayNanos, Runnable task);
    }

    /** A timer in the wheel. Owned by the loop's thread, too. */
    static final class Timer {
        private final Runnable body;
        private final long tick;
        private @Nullable Timer previous;
        private @Nullable Timer next;
        private boolean waiting;

        private Timer(Runnable body, long tick) {
            this.body = body;
            this.tick = tick;
        }
    }

    /**
     * Creates an empty wheel.
     *
     * @param failures takes the exceptions of timers, which end no other
     */
    TimerWheel(LongSupplier nanoTime, Alarm alarm, BiConsumer<String, Throwable> failures) {
        this.nanoTime = nanoTime;
        this.alarm = alarm;
        this.failures = failures;
        this.origin = nanoTime.getAsLong();
    }

    /** The number of timers that wait. */
    int size() {
        return size;
    }

    /** Adds a timer that runs when the clock has passed this reading. */
    Timer add(long due, Runnable body) {
        if (size == 0) {
            // No timer waits for the ticks that have passed since the last one.
            over = Math.max(over, ticksPassed());
        }
        Timer timer = new Timer(body, Math.max(over + 1, Math.ceilDiv(due - origin, TICK_NANOS)));
        link(timer);
        if (!running) {
            awaitTick(timer.tick);
        }
        return timer;
    }

    /** Cancels a timer, unless it has begun. */
    void cancel(Timer timer) {
        // The loop's task remains: it costs less than scheduling another for the next timer.
        if (timer.waiting) {
            unlink(timer);
        }
    }

    private long ticksPassed() {
        return (nanoTime.getAsLong() - origin) / TICK_NANOS;
    }

    private static int slot(long tick) {
        return (int) (tick & (SLOTS - 1));
    }

    private void link(Timer timer) {
        int slot = slot(timer.tick);
        Timer last = lasts[slot];
        timer.waiting = true;
        timer.previous = last;
        if (last == null) {
            firsts[slot] = timer;
            used.set(slot);
        } else {
            last.next = timer;
        }
        lasts[slot] = timer;
        size++;
    }

    private void unlink(Timer timer) {
        int slot = slot(timer.tick);
        Timer previous = timer.previous;
        Timer next = timer.next;
        if (timer == cursor) {
            cursor = next;
        }
        if (previous == null) {
            firsts[slot] = next;
            used.set(slot, next != null);
        } else {
            previous.next = next;
        }
        if (next == null) {
            lasts[slot] = previous;
        } else {
            next.previous = previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.waiting = false;
        size--;
    }

    /** Schedules the loop's task, unless it is scheduled for this tick or an earlier one. */
    private void awaitTick(long tick) {
        if (task != null) {
            if (awaited <= tick) {
                return;
            }
            task.cancel(false);
        }
        awaited = tick;
        task = alarm.set(Math.max(0, origin + tick * TICK_NANOS - nanoTime.getAsLong()), this::turn);
    }

    /** Runs the timers of the ticks that have passed; the loop's task. */
    private void turn() {
        task = null;
        running = true;
        try {
            long now = ticksPassed();
            // A round visits every slot: a loop that is later than that needs no second one.
            long from = Math.max(over + 1, now - SLOTS + 1);
            over = Math.max(over, now);
            for (long tick = nextUsed(from); tick <= now; tick = nextUsed(tick + 1)) {
                runDue(slot(tick), now);
            }
        } finally {
            running = false;
            cursor = null;
        }
        if (size > 0) {
            awaitTick(nextUsed(over + 1));
        }
    }

    /** The first tick from this one on whose slot has timers, though perhaps those of later rounds. */
    private long nextUsed(long from) {
        int slot = slot(from);
        int found = used.nextSetBit(slot);
        if (found < 0) {
            found = used.nextSetBit(0);
        }
        return found < 0 ? Long.MAX_VALUE : from + slot(found - slot);
    }

    /** Runs the timers of a slot that are due. Each may add others, for later ticks, and cancel any. */
    private void runDue(int slot, long now) {
        cursor = firsts[slot];
        while (cursor != null) {
            Timer timer = cursor;
            cursor = timer.next;
            if (timer.tick <= now) {
                unlink(timer);
                run(timer.body);
            }
        }
    }

    private void run(Runnable body) {
        try {
            body.run();
        } catch (RuntimeException | Error e) {
            failures.accept("a timer failed", e);
        }
    }
}
