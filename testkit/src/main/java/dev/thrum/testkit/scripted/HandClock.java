package dev.thrum.testkit.scripted;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that advances only when a test calls {@link #pass}. Safe for concurrent use. */
public final class HandClock implements Clock {
    private final Instant start;
    private final AtomicLong nanos = new AtomicLong();

    public HandClock(Instant start) {
        this.start = start;
    }

    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos.get());
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
