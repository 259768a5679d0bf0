package dev.thrum.tls;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a {@link TlsWire} after the handshake: decrypts the records that arrive.
 *
 * <p>It never writes. A peer that asks for new keys gets its answer before our next data, as RFC 8446, 4.6.3 demands: the
 * owner of the output sends it with them. So a reader never waits for a peer that does not read.
 *
 * <p>Owned by the owner of the connection's input; {@code hasEnded} may be called by another thread while the owner does not
 * read.
 */
final class TlsInput {
    /** More records in a row without data are an attack. */
    private static final int MOST_EMPTY = 64;

    /**
     * A record without data that is longer than this is an attack, if it comes from a client or wants an answer: it would hold
     * thousands of requests for new keys, each of which is computed and answered.
     */
    private static final int LONGEST_EMPTY = 512;

    /** How long the rest of a record may take between two exchanges, during which it holds a thread. */
    private static final Duration HALF_A_RECORD = Duration.ofSeconds(60);

    /** More requests for new keys that nothing was sent after are an attack: each answer waits in memory. */
    private static final int MOST_UNANSWERED = 256;

    private static final byte[] NOTHING = new byte[0];

    private final Wire below;
    private final Clock clock;
    private final SSLEngine engine;
    private final RecordCipher cipher;
    private final RecordBuffer records;
    private final PacketBuffers buffers;
    private final TlsOutput output;
    private final boolean fromClient;

    // Decrypted bytes, from position to limit, that did not fit where they were wanted.
    private byte[] plain = NOTHING;
    private int position;
    private int limit;

    private boolean ended;
    private boolean truncated;

    /** How many records without data have come in a row. */
    private int empty;

    /** How many requests for new keys have come since the last one was answered. */
    private int unanswered;

    /** What went wrong with what the peer has sent: nothing can be read after it. */
    private @Nullable SSLException failure;

    /** When the rest of a record must be here that a thread waits for between two exchanges; 0 if none does. */
    private long restDue;

    /** Whether that time has passed. */
    private boolean late;

    // Set by any thread, never cleared: this side has ended the input, so an end is not the peer's.
    private volatile boolean deaf;

    TlsInput(Wire below, Clock clock, SSLEngine engine, RecordBuffer records, TlsContext context, TlsOutput output) {
        this.below = below;
        this.clock = clock;
        this.engine = engine;
        this.cipher = output.cipher();
        this.records = records;
        this.buffers = context.buffers();
        this.output = output;
        this.fromClient = !engine.getUseClientMode();
    }

    /** The input is ended on this side; any thread may call it. */
    void shut() {
        deaf = true;
    }

    boolean isTruncated() {
        return truncated;
    }

    int read(byte[] target, int offset, int length, long deadline) throws IOException {
        while (true) {
            int count = readBuffered(target, offset, length);
            if (count != 0) {
                return count;
            }
            int filled = fill(() -> records.fill(deadline));
            if (filled < 0) {
                return endedBy(filled);
            }
        }
    }

    int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        int count = readBuffered(target, offset, length);
        if (count != 0) {
            return count;
        }
        if (late) {
            return Wire.EXPIRED;
        }
        int filled = fill(() -> records.fillNow(deadline));
        if (filled < 0) {
            return endedBy(filled);
        }
        return filled == 0 ? 0 : readBuffered(target, offset, length);
    }

    private interface Filling {
        int fill() throws IOException;
    }

    private int fill(Filling filling) throws IOException {
        try {
            return filling.fill();
        } catch (SSLException e) {
            throw failed(e);
        }
    }

    private SSLException failed(SSLException e) {
        failure = e;
        // If the engine has failed, its alert is still to be sent; what is refused here ends with a reset.
        output.broken(cipher.hasAlert());
        records.drop();
        return e;
    }

    /** Reads what is here already; returns how many bytes, {@link Wire#END}, or 0 if that is nothing. */
    private int readBuffered(byte[] target, int offset, int length) throws IOException {
        if (position < limit) {
            return take(target, offset, length);
        }
        if (failure != null) {
            throw failure;
        }
        return ended ? Wire.END : decrypt(target, offset, length);
    }

    private int take(byte[] target, int offset, int length) {
        int count = Math.min(length, limit - position);
        System.arraycopy(plain, position, target, offset, count);
        position += count;
        if (position == limit) {
            dropPlain();
        }
        return count;
    }

    private void dropPlain() {
        if (plain.length > 0) {
            buffers.give(plain);
        }
        plain = NOTHING;
        position = 0;
        limit = 0;
    }

    /** The wire below has ended, or its deadline has passed. */
    private int endedBy(int result) {
        if (result == Wire.END) {
            ended = true;
            truncated = !deaf;
            records.drop();
        }
        return result;
    }

    /** Decrypts the records that are here as a whole and fit; returns as {@link #readBuffered}. */
    private int decrypt(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        try {
            while (count < length && !ended && !records.isEmpty()) {
                SSLEngineResult result = unwrap(ByteBuffer.wrap(target, offset + count, length - count));
                count += result.bytesProduced();
                if (result.getStatus() == Status.BUFFER_OVERFLOW && count == 0) {
                    decryptAside();
                    return position < limit ? take(target, offset, length) : ended ? Wire.END : 0;
                }
                if (result.getStatus() != Status.OK) {
                    break;
                }
            }
        } catch (SSLException e) {
            requireBefore(count, e);
        }
        return count == 0 && ended ? Wire.END : count;
    }

    /** Decrypts like {@link #decrypt}, into a buffer of our own, after what is in it. */
    private void decryptAside() throws IOException {
        byte[] room = plain.length > 0 ? plain : buffers.take();
        int end = limit;
        try {
            Status status = Status.OK;
            while (end < room.length && status == Status.OK && !ended && !records.isEmpty()) {
                SSLEngineResult result = unwrap(ByteBuffer.wrap(room, end, room.length - end));
                status = result.getStatus();
                end += result.bytesProduced();
            }
        } catch (SSLException e) {
            requireBefore(end, e);
        } finally {
            if (end > 0) {
                plain = room;
                limit = end;
            } else {
                buffers.give(room);
            }
        }
    }

    /** What came before a failure is read first; the failure is kept. */
    private static void requireBefore(int count, SSLException failure) throws SSLException {
        if (count == 0) {
            throw failure;
        }
    }

    private SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
        if (unanswered > 0 && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            unanswered = 0;
        }
        try {
            SSLEngineResult result = records.unwrap(cipher, into);
            requireOrderly(result);
            if (result.getStatus() == Status.CLOSED) {
                ended = true;
                // The peer has said so, unless the engine is broken.
                truncated = result.bytesConsumed() == 0 && !deaf;
                records.drop();
            }
            return result;
        } catch (SSLException e) {
            throw failed(e);
        }
    }

    /** Requires that the peer neither renegotiates nor floods this side with records that carry nothing. */
    private void requireOrderly(SSLEngineResult result) throws SSLException {
        if (result.getStatus() != Status.OK) {
            return;
        }
        HandshakeStatus status = result.getHandshakeStatus();
        boolean wants = status == HandshakeStatus.NEED_WRAP;
        if (status == HandshakeStatus.NEED_TASK) {
            throw new SSLException("expected data but the peer wants to renegotiate, which is refused");
        }
        restDue = 0;
        if (result.bytesProduced() > 0) {
            empty = 0;
            return;
        }
        if (result.bytesConsumed() > LONGEST_EMPTY && (fromClient || wants)) {
            throw new SSLException(
                    "expected data but the peer has sent a record of " + result.bytesConsumed() + " bytes without any");
        }
        empty++;
        unanswered = wants ? unanswered + 1 : unanswered;
        if (empty > MOST_EMPTY) {
            throw new SSLException("expected data but the peer has sent " + empty + " records without any");
        }
        if (unanswered > MOST_UNANSWERED) {
            throw new SSLException(
                    "expected data but the peer has asked for new keys " + unanswered + " times in a row");
        }
    }

    /** Whether {@link #read} would return without waiting, as far as that can be said without reading from below. */
    private boolean isReady() throws IOException {
        if (position == limit && !ended && failure == null && records.hasWhole()) {
            decryptAside();
        }
        if (position < limit || ended || failure != null) {
            return true;
        }
        if (records.isEmpty()) {
            // It may wait for long now.
            records.drop();
        }
        return false;
    }

    /** Waits for a whole record, so that the caller needs no buffer before that. */
    void awaitInput(long deadline) throws IOException {
        int filled = 1;
        while (filled > 0 && position == limit && !ended && failure == null && !records.hasWhole()) {
            filled = fill(() -> records.fill(deadline));
        }
        if (filled == Wire.END) {
            endedBy(filled);
        }
    }

    boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        long until = clock.nanoTime() + Clock.nanos(patience);
        while (!isReady()) {
            Duration left = Duration.ofNanos(Math.max(0, until - clock.nanoTime()));
            if (!below.awaitInput(left, woken)) {
                return false;
            }
            readThere();
        }
        return true;
    }

    /** Reads from below where that does not wait. */
    private void readThere() throws IOException {
        int filled = fill(
                () -> records.fillThere(clock.nanoTime() + Duration.ofDays(1).toNanos()));
        if (filled < 0) {
            endedBy(Wire.END);
        }
    }

    boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        if (isReady()) {
            return true;
        }
        if (records.isEmpty()) {
            restDue = 0;
            return below.awaitExchange(deadline, woken);
        }
        // Half a record is here: the rest of it is worth a thread, for a while.
        long now = clock.nanoTime();
        restDue = restDue == 0 ? now + HALF_A_RECORD.toNanos() : restDue;
        long due = restDue - deadline < 0 ? restDue : deadline;
        while (!woken.getAsBoolean()) {
            long left = due - clock.nanoTime();
            if (below.awaitInput(Duration.ofNanos(Math.max(0, left)), woken)) {
                return true;
            }
            if (left <= 0) {
                late = true;
                return true;
            }
        }
        return false;
    }

    /** Decrypts what is there, as far as it fits into a buffer. */
    int available() throws IOException {
        readAllThere();
        boolean fits = true;
        while (fits && position < limit && !ended && failure == null && hasMore()) {
            decryptAside();
            fits = !records.hasWhole();
        }
        return limit - position;
    }

    /** Whether another record is here or can be read from below without waiting; perhaps not as a whole. */
    private boolean hasMore() throws IOException {
        if (records.hasWhole()) {
            return true;
        }
        boolean more = below.available() > 0;
        if (more) {
            readThere();
        }
        return more;
    }

    /** Consumes what is not data, such as session tickets. */
    boolean isQuiet() throws IOException {
        while (!isReady()) {
            if (below.isQuiet()) {
                return records.isEmpty();
            }
            readThere();
            readAllThere();
        }
        return false;
    }

    private void readAllThere() throws IOException {
        while (!isReady() && below.available() > 0) {
            readThere();
        }
    }

    boolean hasEnded() throws IOException {
        try {
            readAllThere();
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return true;
        }
        return ended ? !deaf : below.hasEnded();
    }
}
