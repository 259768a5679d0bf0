package dev.thrum.measure.load;

/**
 * The mean number of requests that were due and not over, in a window of time: it counts them, and knows nothing of how long
 * each took. So it can be compared with rate times mean latency (Little's law).
 *
 * <p>Owned by the thread of the load.
 */
final class FlightMeter {
    private final long from;
    private long to;
    private long last;
    private long inFlight;

    /** Requests times nanoseconds. */
    private double area;

    FlightMeter(long from, long to) {
        this.from = from;
        this.to = to;
        this.last = from;
    }

    /** Requests have become due since the last call, on average at this instant. */
    void arrived(long count, long mean, long now) {
        advance(now);
        area += count * (clipped(now) - clipped(mean));
        inFlight += count;
    }

    /** A request is over. */
    void ended(long now) {
        advance(now);
        inFlight--;
    }

    /** The window ends earlier. */
    void endAt(long instant) {
        to = instant;
    }

    /** The mean of the whole window, once it is over. */
    double mean(long now) {
        advance(now);
        return area / Math.max(1, to - from);
    }

    private void advance(long now) {
        area += inFlight * (clipped(now) - clipped(last));
        last = now;
    }

    /** An instant within the window, counted from its beginning. */
    private double clipped(long instant) {
        return Math.clamp((double) (instant - from), 0.0, (double) (to - from));
    }
}
