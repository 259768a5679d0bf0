package dev.thrum.measure.load;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.time.Instant;

/** Time that passes when a test says so. Its date and time of day jump back and forth. */
final class VirtualClock implements Clock {
    /** So that an overflow is noticed. */
    private long nanos = Long.MAX_VALUE - 1_000_000_000;

    private long readings;

    void advance(long by) {
        nanos += by;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        readings++;
        return Instant.EPOCH.plusSeconds(readings % 2 == 0 ? 3_600 : 0);
    }

    @Override
    public void sleep(Duration duration) {
        throw new IllegalStateException("expected a generator that only waits for its connections");
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new IllegalStateException("expected a generator without timers");
    }
}
