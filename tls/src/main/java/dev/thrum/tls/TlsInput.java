package dev.thrum.tls;

import dev.thrum.base.Clock;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 * <p>Owned by the owner of the connection's input.
 */
final class TlsInput {
    /** More records in a row without data are an attack. */
    private static final int MOST_EMPTY = 64;

    /** More requests for new keys that nothing was sent after are an attack: each answer waits in memory. */
    private static final int MOST_UNANSWERED = 256;

    private static final byte[] NOTHING = new byte[0];

    private final Wire below;
    private final Clock clock;
    private final SSLEngine engine;
    private final RecordBuffer records;
    private final PacketBuffers buffers;

    /** Whether this protocol changes keys by a new handshake, which is refused. */
    private final boolean renegotiates;

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

    // Set by any thread, never cleared: this side has ended the input, so an end is not the peer's.
    private volatile boolean deaf;

    TlsInput(Wire below, Clock clock, SSLEngine engine, RecordBuffer records, PacketBuffers buffers) {
        this.below = below;
        this.clock = clock;
        this.engine = engine;
        this.records = records;
        this.buffers = buffers;
        this.renegotiates = !engine.getSession().getProtocol().equals("TLSv1.3");
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
            int filled = records.fill(deadline);
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
        int filled = records.fillNow(deadline);
        if (filled < 0) {
            return endedBy(filled);
        }
        return filled == 0 ? 0 : readBuffered(target, offset, length);
    }

    /** Reads what is here already; returns how many bytes, {@link Wire#END}, or 0 if that is nothing. */
    private int readBuffered(byte[] target, int offset, int length) throws IOException {
        if (position < limit) {
            return take(target, offset, length);
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

    /** Decrypts records that are here as a whole, up to the first that has data; returns as {@link #readBuffered}. */
    private int decrypt(byte[] target, int offset, int length) throws IOException {
        while (!records.isEmpty()) {
            SSLEngineResult result = unwrap(ByteBuffer.wrap(target, offset, length));
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                decryptAside();
                return position < limit ? take(target, offset, length) : ended ? Wire.END : 0;
            }
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                return 0;
            }
            if (result.bytesProduced() > 0 || ended) {
                return ended ? Wire.END : result.bytesProduced();
            }
        }
        return 0;
    }

    /** Decrypts like {@link #decrypt}, into a buffer of our own. */
    private void decryptAside() throws IOException {
        byte[] room = buffers.take();
        int produced = 0;
        try {
            Status status = Status.OK;
            while (produced == 0 && status == Status.OK && !ended && !records.isEmpty()) {
                SSLEngineResult result = unwrap(ByteBuffer.wrap(room));
                status = result.getStatus();
                produced = result.bytesProduced();
            }
        } finally {
            if (produced > 0) {
                plain = room;
                position = 0;
                limit = produced;
            } else {
                buffers.give(room);
            }
        }
    }

    private SSLEngineResult unwrap(ByteBuffer into) throws SSLException {
        if (failure != null) {
            throw failure;
        }
        if (unanswered > 0 && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
            unanswered = 0;
        }
        try {
            SSLEngineResult result = records.unwrap(engine, into);
            requireOrderly(result);
            if (result.getStatus() == Status.CLOSED) {
                ended = true;
                records.drop();
            }
            return result;
        } catch (SSLException e) {
            failure = e;
            records.drop();
            throw e;
        }
    }

    /** Requires that the peer neither renegotiates nor floods this side with records that carry nothing. */
    private void requireOrderly(SSLEngineResult result) throws SSLException {
        if (result.getStatus() != Status.OK) {
            return;
        }
        HandshakeStatus status = result.getHandshakeStatus();
        boolean wants = status == HandshakeStatus.NEED_WRAP;
        if (status == HandshakeStatus.NEED_TASK || (wants && renegotiates)) {
            throw new SSLException("expected data but the peer wants to renegotiate, which is refused");
        }
        if (result.bytesProduced() > 0) {
            empty = 0;
            return;
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
        if (position == limit && !ended && records.hasWhole()) {
            decryptAside();
        }
        if (position < limit || ended) {
            return true;
        }
        if (records.isEmpty()) {
            // It may wait for long now.
            records.drop();
        }
        return false;
    }

    void awaitInput(long deadline) throws IOException {
        if (position == limit && !ended && records.isEmpty()) {
            records.await(deadline);
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
        int filled = records.fillThere(clock.nanoTime() + Duration.ofDays(1).toNanos());
        if (filled < 0) {
            endedBy(Wire.END);
        }
    }

    boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        if (isReady()) {
            return true;
        }
        if (records.isEmpty()) {
            return below.awaitExchange(deadline, woken);
        }
        // Half a record is here: the rest of it is worth a thread.
        while (!woken.getAsBoolean()) {
            long left = deadline - clock.nanoTime();
            if (below.awaitInput(Duration.ofNanos(Math.max(0, left)), woken) || left <= 0) {
                return true;
            }
        }
        return false;
    }

    /** Decrypts what is there, up to the first record that has data. */
    int available() throws IOException {
        while (!isReady() && below.available() > 0) {
            readThere();
        }
        return limit - position;
    }

    /** Consumes what is not data, such as session tickets. */
    boolean isQuiet() throws IOException {
        while (!isReady()) {
            if (below.isQuiet()) {
                return true;
            }
            readThere();
        }
        return false;
    }

    boolean hasEnded() throws IOException {
        try {
            while (!isReady() && !below.isQuiet()) {
                readThere();
            }
        } catch (IOException e) {
            return true;
        }
        return ended ? !deaf : below.hasEnded();
    }
}
