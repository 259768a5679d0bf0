package dev.thrum.app.crawl;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.ClockedBackend;
import java.time.Duration;
import java.time.Instant;

/**
 * The clock of a machine whose date is set wrongly.
 *
 * @param right the one of this machine
 * @param error how far it is ahead
 */
record OffClock(Clock right, Duration error) implements Clock {
    /** An engine with such a clock. */
    static Engine engine(Duration error) {
        return ClockedBackend.over(Engine.virtual(), clock -> new OffClock(clock, error));
    }

    @Override
    public long nanoTime() {
        return right.nanoTime();
    }

    @Override
    public Instant instant() {
        return right.instant().plus(error);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        right.sleep(duration);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        return right.schedule(delay, task);
    }
}
