package dev.thrum.http.wire;

import dev.thrum.base.Clock;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.HttpException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time that a peer has left to send a part of a message: waiting uses it up, bytes earn it back.
 *
 * <p>Only waiting counts, not the time of a handler between two reads. The time left never exceeds the initial time, so
 * a fast start does not pay for a long silence, and a byte now and then does not help (slow loris). An exchange may
 * also have a fixed end, which nothing extends. Owned by the thread that reads.
 */
public final class ReadBudget {
    private static final long SECOND = 1_000_000_000;

    private final ByteReader reader;
    private final Clock clock;
    private final Lateness lateness;

    private long most;
    private long left;
    private long perByte;
    private Duration granted = Duration.ZERO;
    private boolean bounded;
    private long end;
    private boolean ended;
    private @Nullable Tap tap;

    /** Decides which exception a missed deadline becomes. */
    public interface Lateness {
        /**
         * Throws the exception that reports the slowness of the peer; if it returns, the deadline's own exception is
         * thrown.
         *
         * @param granted the time that the peer had
         */
        void complain(DeadlineException passed, Duration granted) throws IOException;
    }

    /** Sees the bytes of messages as they came, when they are consumed. */
    public interface Tap {
        /** Takes bytes, of an array that is only lent. */
        void consumed(byte[] bytes, int offset, int length) throws IOException;
    }

    /** A budget for the client of a server: lateness is 408. */
    public ReadBudget(ByteReader reader, Clock clock) {
        this(reader, clock, ReadBudget::requestIsLate);
    }

    public ReadBudget(ByteReader reader, Clock clock, Lateness lateness) {
        this.reader = reader;
        this.clock = clock;
        this.lateness = lateness;
    }

    private static void requestIsLate(DeadlineException passed, Duration granted) {
        throw HttpException.of(
                408, "Request not completed in time: expected its next part within " + granted.toMillis() + " ms");
    }

    /** No wait lasts longer than up to this reading of the clock, whatever is earned. */
    public void until(long instant) {
        bounded = true;
        end = instant;
    }

    /** From now on every consumed byte goes through this tap too; null for none. */
    public void tap(@Nullable Tap value) {
        tap = value;
    }

    /** Whether a read has reached the end of the stream. */
    public boolean hasEnded() {
        return ended;
    }

    /** Whether the end of the stream, once reached, may not be the peer's: see {@link ByteReader#isTruncated}. */
    boolean isTruncated() {
        return reader.isTruncated();
    }

    /** Grants this time from now on; nothing earns any back. */
    public void begin(Duration time) {
        begin(time, 0);
    }

    /** Grants this time from now on; each {@code bytesPerSecond} bytes earn a second of it, 0 earns nothing. */
    public void begin(Duration time, int bytesPerSecond) {
        granted = time;
        most = Clock.nanos(time);
        left = most;
        perByte = bytesPerSecond == 0 ? 0 : SECOND / bytesPerSecond;
    }

    /** Waits for the first byte of a message, which earns nothing; false at the end of the stream. */
    public boolean awaitFirst() throws IOException {
        return timed(() -> reader.await() ? 1 : -1) > 0;
    }

    /** Waits for more bytes; false at the end of the stream. */
    boolean awaitMore() throws IOException {
        int had = reader.limit() - reader.position();
        boolean more = timed(() -> reader.awaitMore() ? 1 : -1) > 0;
        earn(reader.limit() - reader.position() - had);
        return more;
    }

    /** Reads bytes that have arrived, or waits for some; -1 at the end of the stream. */
    int read(byte[] target, int offset, int length) throws IOException {
        int here = reader.limit() - reader.position();
        int count;
        if (here > 0) {
            count = reader.readAvailable(target, offset, Math.min(here, length));
        } else {
            count = timed(() -> reader.readAvailable(target, offset, length));
            earn(count);
        }
        if (tap != null && count > 0) {
            tap.consumed(target, offset, count);
        }
        return count;
    }

    /** Consumes bytes that were parsed in the buffer of the reader. */
    void skip(int count) throws IOException {
        if (tap != null) {
            tap.consumed(reader.array(), reader.position(), count);
        }
        reader.skip(count);
    }

    private void earn(int bytes) {
        left = Math.min(most, left + Math.max(0, bytes) * perByte);
    }

    private int timed(Wait wait) throws IOException {
        long begun = clock.nanoTime();
        if (bounded && end - begun <= 0) {
            // Bytes that have arrived would be read without a wait, so nothing else would notice the end.
            DeadlineException over = new DeadlineException(DeadlineException.Kind.READ, granted);
            lateness.complain(over, granted);
            throw over;
        }
        long time = bounded ? Math.min(left, end - begun) : left;
        reader.deadline(Duration.ofNanos(Math.max(0, time)));
        try {
            int count = wait.forBytes();
            ended |= count < 0;
            return count;
        } catch (DeadlineException e) {
            lateness.complain(e, granted);
            throw e;
        } finally {
            reader.clearDeadline();
            left -= clock.nanoTime() - begun;
        }
    }

    private interface Wait {
        int forBytes() throws IOException;
    }
}
