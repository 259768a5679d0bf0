package dev.thrum.pipeline.kafka.partitions;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What time it is for the broker, from the times that it gives to what this process writes. So the clocks of processes don't matter. Safe for
 * concurrent use.
 */
final class BrokerTime {
    private volatile @Nullable Reading last;

    /**
     * A time that was read.
     *
     * @param millis of the broker's clock
     * @param nanos of the clock of this process, at the same time or later
     */
    private record Reading(long millis, long nanos) {}

    /** The broker has just written something at this time of its clock, in milliseconds. */
    void wrote(long millis) {
        last = new Reading(millis, LogSettings.CLOCK.nanoTime());
    }

    /** How long a time of the broker's clock is ago, or a little less; zero if that is not known. */
    Duration since(long millis) {
        Reading reading = last;
        if (reading == null) {
            return Duration.ZERO;
        }
        Duration age =
                Duration.ofMillis(reading.millis - millis).plusNanos(LogSettings.CLOCK.nanoTime() - reading.nanos);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
