package dev.thrum.measure;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * A thread that only sleeps, and how much too late it wakes up: what disturbs it, disturbs every thread of this process. It costs
 * 200 wake-ups a second.
 */
public final class HiccupProbe {
    private static final Duration SLEEP = Duration.ofMillis(5);
    private static final int DIGITS = 2;

    private final Clock clock;

    /** Written by the probe's thread, read by any. */
    private final SingleWriterRecorder late = new SingleWriterRecorder(DIGITS);

    private HiccupProbe(Clock clock) {
        this.clock = clock;
    }

    /** Starts one, which ends with the process. */
    public static HiccupProbe start(Clock clock) {
        HiccupProbe probe = new HiccupProbe(clock);
        Threads.daemon("thrum-hiccups", probe::run).start();
        return probe;
    }

    private void run() {
        try {
            while (true) {
                long due = clock.nanoTime() + SLEEP.toNanos();
                clock.sleep(SLEEP);
                late.recordValue(Math.max(0, clock.nanoTime() - due));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How late it was since the last call, in nanoseconds. To be called by one thread at a time. */
    public Histogram sinceLastCall() {
        return late.getIntervalHistogram();
    }
}
