package dev.thrum.simulation;

import dev.thrum.base.DurationText;
import java.time.Duration;

/**
 * The faults of one direction of a connection; positions count its bytes from 0.
 *
 * @param segments the sizes of the segments into which sent bytes are split
 * @param delays the latency of a segment; segments never overtake each other, so the successors of a late one arrive
 *     merged with it
 * @param stall one long pause, before a given byte
 * @param resetAt the connection is reset when this many bytes have arrived; {@link #NEVER} for not at all
 * @param endAt the receiver sees the end of the stream after this many bytes, as if the sender had shut down its
 *     half; later output of the sender is discarded; {@link #NEVER}
 * @param window the maximum number of bytes in flight or unread; a small one simulates a slow reader
 */
public record LinkFaults(Range segments, Delays delays, Stall stall, long resetAt, long endAt, int window) {
    /** A position that is never reached. */
    public static final long NEVER = Long.MAX_VALUE;

    /** A typical receive buffer, in bytes. */
    private static final int USUAL_WINDOW = 64 * 1024;

    public LinkFaults {
        if (resetAt < 0 || endAt < 0 || window < 1) {
            throw new IllegalArgumentException("expected positions of at least 0 and a window of at least 1 but they"
                    + " were " + resetAt + ", " + endAt + " and " + window);
        }
    }

    /**
     * Sizes drawn at random.
     *
     * @param least at least 1
     * @param most at least {@code least}
     */
    public record Range(int least, int most) {
        public Range {
            if (least < 1 || most < least) {
                throw new IllegalArgumentException(
                        "expected a range within 1 and above but it was " + least + " to " + most);
            }
        }
    }

    /** Durations drawn at random, both ends included. */
    public record Delays(Duration least, Duration most) {
        public Delays {
            if (least.isNegative() || most.compareTo(least) < 0) {
                throw new IllegalArgumentException("expected delays within 0 and above but they were "
                        + DurationText.of(least) + " to " + DurationText.of(most));
            }
        }
    }

    /** A pause before byte {@code at}. */
    public record Stall(long at, Duration duration) {}

    /** A fast link without faults: whole writes, a latency of a tenth of a millisecond. */
    public static LinkFaults none() {
        Duration latency = Duration.ofNanos(100_000);
        return new LinkFaults(
                new Range(Integer.MAX_VALUE, Integer.MAX_VALUE),
                new Delays(latency, latency),
                new Stall(NEVER, Duration.ZERO),
                NEVER,
                NEVER,
                USUAL_WINDOW);
    }

    public LinkFaults withSegments(int least, int most) {
        return new LinkFaults(new Range(least, most), delays, stall, resetAt, endAt, window);
    }

    public LinkFaults withDelays(Duration least, Duration most) {
        return new LinkFaults(segments, new Delays(least, most), stall, resetAt, endAt, window);
    }

    public LinkFaults withStall(long at, Duration duration) {
        return new LinkFaults(segments, delays, new Stall(at, duration), resetAt, endAt, window);
    }

    public LinkFaults withResetAt(long position) {
        return new LinkFaults(segments, delays, stall, position, endAt, window);
    }

    public LinkFaults withEndAt(long position) {
        return new LinkFaults(segments, delays, stall, resetAt, position, window);
    }

    public LinkFaults withWindow(int bytes) {
        return new LinkFaults(segments, delays, stall, resetAt, endAt, bytes);
    }
}
