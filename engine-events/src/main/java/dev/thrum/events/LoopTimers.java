package dev.thrum.events;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one loop, which any thread may set and cancel; the loop runs them by a {@link TimerWheel}. After the loop's
 * end none runs.
 */
final class LoopTimers {
    private final Loop loop;
    private final LongSupplier nanoTime;

    // Owned by the loop's thread.
    private final TimerWheel wheel;

    LoopTimers(Loop loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.wheel = new TimerWheel(nanoTime, loop::alarm, loop::report);
    }

    /** Runs a task on the loop's thread after a delay; it is hardly more than a hundredth of a second late. */
    Clock.Timer schedule(Duration delay, Runnable task) {
        LoopTimer timer = new LoopTimer(task);
        long due = nanoTime.getAsLong() + Clock.nanos(delay);
        onLoop(() -> timer.add(due));
        return timer;
    }

    /** Runs a task after a delay; for code on the loop's thread before its end. */
    TimerWheel.Timer later(Duration delay, Runnable task) {
        return wheel.add(nanoTime.getAsLong() + Clock.nanos(delay), task);
    }

    /** Cancels a timer of {@link #later}; for code on the loop's thread before its end. */
    void cancel(TimerWheel.Timer timer) {
        wheel.cancel(timer);
    }

    private void onLoop(Runnable change) {
        loop.execute(() -> {
            // After the loop's end this runs on another thread, which doesn't own the wheel.
            if (!loop.hasEnded()) {
                change.run();
            }
        });
    }

    private final class LoopTimer implements Clock.Timer {
        private final Runnable task;

        /** Whether it was cancelled or has begun: the thread that sets this decides which. */
        private final AtomicBoolean over = new AtomicBoolean();

        // Owned by the loop's thread: its place in the wheel, once it has one.
        private TimerWheel.@Nullable Timer place;

        LoopTimer(Runnable task) {
            this.task = task;
        }

        private void add(long due) {
            if (!over.get()) {
                place = wheel.add(due, this::begin);
            }
        }

        private void begin() {
            if (over.compareAndSet(false, true)) {
                task.run();
            }
        }

        @Override
        public void cancel() {
            if (over.compareAndSet(false, true)) {
                onLoop(this::remove);
            }
        }

        private void remove() {
            // A timer that was cancelled before it got into the wheel never gets there.
            if (place != null) {
                wheel.cancel(place);
            }
        }
    }
}
