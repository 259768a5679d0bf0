package dev.thrum.http.wire;

import dev.thrum.base.Clock;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.HttpException;
import java.io.IOException;
import java.time.Duration;

/**
 * Time that a peer has left to send a part of a message: waiting uses it up, bytes earn it back.
 *
 * <p>Only waiting counts, not what a handler does between two reads. What was earned never exceeds what there was in the
 * beginning, so a quick start buys no long silence, and a byte now and then does not help (slow loris). An exchange as a
 * whole may have an end besides, that nothing puts off. Owned by the thread that reads.
 */
public final class ReadBudget {
    private static final long SECOND = 1_000_000_000;

    private final ByteReader reader;
    private final Clock clock;
    private final Lateness lateness;

    private long most;
    private long left;
    private long perByte;
    private Duration told = Duration.ZERO;
    private boolean bounded;
    private long end;
    private boolean ended;

    /** What becomes of a deadline that has passed. */
    public interface Lateness {
        /** Throws what the peer's slowness is to be called; if it returns, the deadline's own exception is thrown. */
        void complain(DeadlineException passed, Duration told) throws IOException;
    }

    /** A server's, with its client: who is late is answered with 408. */
    public ReadBudget(ByteReader reader, Clock clock) {
        this(reader, clock, ReadBudget::requestIsLate);
    }

    public ReadBudget(ByteReader reader, Clock clock, Lateness lateness) {
        this.reader = reader;
        this.clock = clock;
        this.lateness = lateness;
    }

    private static void requestIsLate(DeadlineException passed, Duration told) {
        throw HttpException.of(
                408, "Request not completed in time: expected its next part within " + told.toMillis() + " ms");
    }

    /** Whatever is earned, no wait goes on after this reading of the clock. */
    public void until(long instant) {
        bounded = true;
        end = instant;
    }

    /** Whether the peer has ended the stream, as far as was read. */
    public boolean hasEnded() {
        return ended;
    }

    /** From here on there is so much time, and nothing earns any. */
    public void begin(Duration time) {
        begin(time, 0);
    }

    /** From here on there is so much time, and so many bytes earn a second of it; 0 earns nothing. */
    public void begin(Duration time, int bytesPerSecond) {
        told = time;
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

    /** Reads what has come, or waits for it; -1 at the end of the stream. */
    int read(byte[] target, int offset, int length) throws IOException {
        int here = reader.limit() - reader.position();
        if (here > 0) {
            return reader.readAvailable(target, offset, Math.min(here, length));
        }
        int count = timed(() -> reader.readAvailable(target, offset, length));
        earn(count);
        return count;
    }

    private void earn(int bytes) {
        left = Math.min(most, left + Math.max(0, bytes) * perByte);
    }

    private int timed(Wait wait) throws IOException {
        long begun = clock.nanoTime();
        if (bounded && end - begun <= 0) {
            // What is here already would be read without a wait that could be cut.
            DeadlineException over = new DeadlineException(DeadlineException.Kind.READ, told);
            lateness.complain(over, told);
            throw over;
        }
        long time = bounded ? Math.min(left, end - begun) : left;
        reader.deadline(Duration.ofNanos(Math.max(0, time)));
        try {
            int count = wait.forBytes();
            ended |= count < 0;
            return count;
        } catch (DeadlineException e) {
            lateness.complain(e, told);
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
