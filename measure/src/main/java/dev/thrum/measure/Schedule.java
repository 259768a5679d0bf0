package dev.thrum.measure;

/**
 * When requests are due: at equal distances, after a ramp in which their rate grows evenly from nothing. Nothing delays it.
 * Owned by one thread.
 */
public final class Schedule {
    /** The highest rate: at a higher one, several requests would be due in the same nanosecond. */
    public static final long HIGHEST_RATE = 1_000_000_000;

    private static final double NANOS = 1e9;

    private final double rate;
    private final long ramp;
    private final long start;

    /** The number of requests in the ramp: on average half of the rate. */
    private final double ramping;

    /** The number of requests before the next one. */
    private long taken;

    /**
     * Creates it.
     *
     * @param rate requests per second after the ramp, more than 0 and at most {@link #HIGHEST_RATE}
     * @param ramp the length of the ramp in nanoseconds; 0 for none
     * @param start the instant of the first request, of a clock's nanoseconds
     */
    public Schedule(double rate, long ramp, long start) {
        if (!(rate > 0 && rate <= HIGHEST_RATE)) {
            throw new IllegalArgumentException(
                    "expected a rate above 0 and at most " + HIGHEST_RATE + " per second but was " + rate);
        }
        this.rate = rate;
        this.ramp = ramp;
        this.start = start;
        ramping = rate * ramp / NANOS / 2;
    }

    /** Whether the next request is due. */
    public boolean isDue(long now) {
        return now - due() >= 0;
    }

    /** The instant of the next request. */
    public long due() {
        return due(taken);
    }

    /** The instant of the request with this number, counted from 0. */
    public long due(long number) {
        double offset = number < ramping
                ? Math.sqrt(2.0 * ramp * NANOS * number / rate)
                : ramp + (number - ramping) * NANOS / rate;
        return start + (long) offset;
    }

    /** The number of requests that are due by this instant. */
    public long dueBy(long now) {
        if (now - start < 0) {
            return 0;
        }
        double passed = now - start;
        long number = (long)
                (passed < ramp
                        ? passed * passed * rate / (2 * ramp * NANOS)
                        : ramping + (passed - ramp) * rate / NANOS);
        // Rounding may have led to a neighbour.
        while (number > 0 && now - due(number - 1) < 0) {
            number--;
        }
        while (now - due(number) >= 0) {
            number++;
        }
        return number;
    }

    /** The number of the next request, counted from 0. */
    public long number() {
        return taken;
    }

    /** Goes on to the request after it. */
    public void advance() {
        taken++;
    }
}
