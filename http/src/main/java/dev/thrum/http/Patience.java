package dev.thrum.http;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Clock;
import dev.thrum.engine.DeadlineException;
import java.io.IOException;
import java.time.Duration;

/**
 * Time that a peer has left to send a part of a message: waiting uses it up, bytes earn it back.
 *
 * <p>Only waiting counts, not what a handler does between two reads. What was earned never exceeds what there was in the
 * beginning, so a quick start buys no long silence, and a byte now and then does not help (slow loris). Owned by the
 * thread that reads.
 */
final class Patience {
    private static final long SECOND = 1_000_000_000;

    private final ByteReader reader;
    private final Clock clock;

    private long most;
    private long left;
    private long perByte;
    private Duration told = Duration.ZERO;

    Patience(ByteReader reader, Clock clock) {
        this.reader = reader;
        this.clock = clock;
    }

    /** From here on there is so much time, and nothing earns any. */
    void begin(Duration time) {
        begin(time, 0);
    }

    /** From here on there is so much time, and so many bytes earn a second of it; 0 earns nothing. */
    void begin(Duration time, int bytesPerSecond) {
        told = time;
        most = Clock.nanos(time);
        left = most;
        perByte = bytesPerSecond == 0 ? 0 : SECOND / bytesPerSecond;
    }

    /** Waits for more bytes; false at the end of the stream. */
    boolean awaitMore() throws IOException {
        int had = reader.limit() - reader.position();
        boolean more = timed(() -> reader.awaitMore() ? 1 : 0) > 0;
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
        reader.deadline(Duration.ofNanos(Math.max(0, left)));
        try {
            return wait.forBytes();
        } catch (DeadlineException e) {
            throw HttpException.of(
                    408, "Request not completed in time: expected its next part within " + told.toMillis() + " ms");
        } finally {
            reader.clearDeadline();
            left -= clock.nanoTime() - begun;
        }
    }

    private interface Wait {
        int forBytes() throws IOException;
    }
}
