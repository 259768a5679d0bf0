package dev.thrum.crawl.crawler;

import dev.thrum.base.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs a task at the earliest of the times that it is set to. Guarded by the lock of its {@link PoliteQueue}. */
final class Alarm {
    private final Clock clock;
    private final Runnable task;
    private Clock.@Nullable Timer timer;

    /** When it rings; meaningless without a timer. */
    private long at;

    /** @param task calls {@link #rang} */
    Alarm(Clock clock, Runnable task) {
        this.clock = clock;
        this.task = task;
    }

    /** Sets it to this many nanoseconds from now, unless it rings before anyway. */
    void set(long now, long nanos) {
        if (timer != null) {
            if (at - (now + nanos) <= 0) {
                return;
            }
            timer.cancel();
        }
        at = now + nanos;
        timer = clock.schedule(Duration.ofNanos(nanos), task);
    }

    /** It has rung, and is not set any more. */
    void rang() {
        timer = null;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
