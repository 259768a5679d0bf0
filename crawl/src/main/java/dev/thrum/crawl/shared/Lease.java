package dev.thrum.crawl.shared;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Until when a process may ask hosts without having made sure that they are still its own. It counts by two clocks: the one that never jumps stands
 * still while some machines sleep, and the other one can be set. Guarded by the lock of its owner.
 */
final class Lease {
    private final Clock clock;
    private final Duration length;
    private boolean isHeld;
    private long begun;
    private Instant begunAt = Instant.EPOCH;

    Lease(Clock clock, Duration length) {
        this.clock = clock;
        this.length = length;
    }

    /** A moment of both clocks. */
    record Moment(long nanos, Instant instant) {}

    Moment now() {
        return new Moment(clock.nanoTime(), clock.instant());
    }

    /** The hosts were this process's own at some time after this moment. */
    void renew(Moment moment) {
        begun = moment.nanos;
        begunAt = moment.instant;
        isHeld = true;
    }

    boolean isValid() {
        return isHeld
                && clock.nanoTime() - begun < length.toNanos()
                && Duration.between(begunAt, clock.instant()).abs().compareTo(length) < 0;
    }
}
