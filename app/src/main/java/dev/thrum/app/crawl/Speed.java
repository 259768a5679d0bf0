package dev.thrum.app.crawl;

/**
 * The speed of something that is measured now and then: a mean over the last few seconds, in which newer measurements count more.
 *
 * <p>Owned by one thread.
 */
final class Speed {
    private static final double MEMORY_SECONDS = 3;
    private static final double NANOS = 1e9;

    private final long begun;
    private final long offset;
    private long lastNanos;
    private long lastCount;
    private double perSecond;

    /** Begins at this time, with this count. */
    Speed(long nanos, long count) {
        begun = nanos;
        offset = count;
        lastNanos = nanos;
        lastCount = count;
    }

    /** Adds a measurement. */
    void at(long nanos, long count) {
        double seconds = (nanos - lastNanos) / NANOS;
        if (seconds <= 0) {
            return;
        }
        double age = (nanos - begun) / NANOS;
        if (age <= MEMORY_SECONDS) {
            perSecond = (count - offset) / age;
        } else {
            double weight = 1 - Math.exp(-seconds / MEMORY_SECONDS);
            perSecond += weight * ((count - lastCount) / seconds - perSecond);
        }
        lastNanos = nanos;
        lastCount = count;
    }

    double perSecond() {
        return Math.max(0, perSecond);
    }

    /** The seconds that this much more takes at this speed; negative if that can't be said. */
    long secondsFor(long more) {
        return perSecond() < 1 ? -1 : (long) Math.ceil(more / perSecond());
    }
}
