package dev.thrum.app;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.time.Instant;

/** A clock that stands still. */
record FixedClock(Instant instant) implements Clock {
    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("expected nobody to wait here");
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        throw new UnsupportedOperationException("expected nobody to wait here");
    }
}
