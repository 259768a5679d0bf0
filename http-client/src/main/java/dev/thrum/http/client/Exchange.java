package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.DeadlineException.Kind;
import java.io.IOException;
import java.time.Duration;

/** The time of one request and its answer, up to the end of its body. Immutable. */
final class Exchange {
    private final Clock clock;
    private final Duration total;
    private final long end;

    Exchange(Clock clock, Duration total) {
        this.clock = clock;
        this.total = total;
        this.end = clock.nanoTime() + Clock.nanos(total);
    }

    /** A reading of the clock. */
    long end() {
        return end;
    }

    /** How much of it is left, which is something. */
    Duration left() throws IOException {
        long left = end - clock.nanoTime();
        if (left <= 0) {
            throw new DeadlineException(Kind.READ, total);
        }
        return Duration.ofNanos(left);
    }

    /** Tells the deadline that has passed by what was granted, not by the last of many waits. */
    void complain(DeadlineException passed, Duration told) throws IOException {
        if (passed.kind() != Kind.WRITE) {
            throw new DeadlineException(passed.kind(), end - clock.nanoTime() <= 0 ? total : told);
        }
    }
}
