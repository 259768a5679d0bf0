package dev.thrum.tls;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands still until a test sets it. It has no waits. */
final class SetClock implements Clock {
    // Owned by the test's thread.
    private Instant now;

    SetClock(Instant now) {
        this.now = now;
    }

    void set(Instant instant) {
        now = instant;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("expected no waits");
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException("expected no timers");
    }
}
