package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;

/** The limits of one request and its response: sizes, pace, and the time up to the end of the body. Immutable. */
final class Exchange {
    private final Clock clock;
    private final Duration total;
    private final HttpLimits limits;
    private final long end;

    Exchange(Clock clock, Duration total, HttpLimits limits) {
        this.clock = clock;
        this.limits = limits;
        this.total = total;
        this.end = clock.nanoTime() + Clock.nanos(total);
    }

    HttpLimits limits() {
        return limits;
    }

    /** The reading of the clock at which the time is over. */
    long end() {
        return end;
    }

    /** The remaining time, above zero. */
    Duration left() throws IOException {
        long left = end - clock.nanoTime();
        if (left <= 0) {
            throw new DeadlineException(Kind.READ, total);
        }
        return Duration.ofNanos(left);
    }

    /** Reports a missed deadline with the time that was granted, not with the last of many waits. */
    void complain(DeadlineException passed, Duration granted) throws IOException {
        if (passed.kind() != Kind.WRITE) {
            throw new DeadlineException(passed.kind(), end - clock.nanoTime() <= 0 ? total : granted);
        }
    }
}
