package dev.thrum.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The body of an incoming message, as a stream. It is read from the connection as the caller reads: reading blocks
 * until the peer has sent something, and TCP slows down a peer that sends faster than it is read (backpressure).
 *
 * <p>A faulty body is an {@link HttpException} with the status of the response (400, 408, 413); a handler lets it pass.
 * A connection that broke is an {@link IOException}. After either, every further read throws {@link IOException}, and
 * the connection is closed after the response. A peer that ends the connection within its body is a fault too (400).
 *
 * <p>Owned by the thread of the handler, which may lend it to a task that it {@linkplain Request#offload offloads}. It
 * can be read only once. Closing it does nothing.
 */
public final class Body extends InputStream {
    /** The length of the largest array. */
    private static final int MOST_AT_ONCE = Integer.MAX_VALUE - 8;

    private static final int DISCARD_CHUNK = 8 * 1024;

    private final BodySource source;
    private final Start start;
    private final boolean awaited;
    private long limit;
    private long count;
    private boolean started;
    private boolean responded;
    private boolean ended;
    private boolean broken;

    /** Called before the first wait for a byte of a body. */
    public interface Start {
        /**
         * Prepares reading.
         *
         * @param ask whether the client may still be sent 100 (Continue): nothing of the final response has been
         *     written
         */
        void beginBody(boolean ask) throws IOException;
    }

    /** A body of any length that may be read at once. */
    public Body(BodySource source) {
        this(source, Long.MAX_VALUE, false, _ -> {});
    }

    /**
     * A body. For servers and clients.
     *
     * @param limit bytes that are accepted
     * @param awaited whether the peer waits for 100 (Continue) before it sends the body, and may never send it
     * @param start called once, before the first byte is read
     */
    public Body(BodySource source, long limit, boolean awaited, Start start) {
        this.source = source;
        this.limit = limit;
        this.awaited = awaited;
        this.start = start;
        this.ended = source.declared() == 0;
    }

    /**
     * The length in bytes that {@code Content-Length} declares; empty if the body is chunked or ends with the
     * connection.
     */
    public OptionalLong declaredLength() {
        return source.declared() < 0 ? OptionalLong.empty() : OptionalLong.of(source.declared());
    }

    /**
     * Sets the number of bytes that are accepted, in place of the limit of the server.
     *
     * @throws HttpException 413 if {@code Content-Length} declares more; a body without a declared length throws it
     *     from the read that exceeds the limit
     */
    public void limit(long most) {
        limit = most;
        requireFits(source.declared());
    }

    /**
     * Reads one byte, or returns -1 at the end of the body.
     *
     * @throws HttpException as {@link #read(byte[], int, int)}
     */
    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Waits for at least one byte. The first call asks a client that sent {@code Expect: 100-continue} for the body.
     *
     * @return the number of bytes read; -1 at the end of the body
     * @throws HttpException 400 if the body is malformed or incomplete, 408 if the peer sends too slowly, 413 if it has
     *     more bytes than are accepted, 431 if its trailer fields are too large
     * @throws IOException if the connection broke, or an earlier read failed
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (broken) {
            throw new IOException("expected no more reads of this body after one that failed");
        }
        boolean whole = false;
        try {
            int read = receive(target, offset, length);
            whole = true;
            return read;
        } finally {
            broken = !whole;
        }
    }

    private int receive(byte[] target, int offset, int length) throws IOException {
        requireFits(source.declared());
        begin();
        int read = source.read(target, offset, length);
        if (read < 0) {
            ended = true;
        } else {
            count += read;
            requireFits(count);
        }
        return read;
    }

    private void begin() throws IOException {
        if (!started) {
            started = true;
            start.beginBody(!responded);
        }
    }

    /**
     * The final response is about to be written. A client that waits for 100 (Continue) must be asked for the body now,
     * or never.
     *
     * @param mayBeRead whether the body may be read while the response is written
     */
    public void responding(boolean mayBeRead) throws IOException {
        if (mayBeRead && awaited && !ended && !broken) {
            begin();
        }
        responded = true;
    }

    /**
     * Requires that this many bytes are accepted.
     *
     * @throws HttpException 413 if they are more
     */
    public void requireFits(long bytes) {
        if (bytes > limit) {
            throw HttpException.of(413, "Content too large: expected at most " + limit + " bytes");
        }
    }

    /**
     * Reads all remaining bytes into an array: at most the limit, and {@link OutOfMemoryError} if that is more than an
     * array holds.
     *
     * @throws HttpException as {@link #read(byte[], int, int)}
     */
    @Override
    public byte[] readAllBytes() throws IOException {
        long declared = source.declared();
        if (declared < 0 || declared > Math.min(limit, MOST_AT_ONCE)) {
            return super.readAllBytes();
        }
        byte[] all = readNBytes(Math.toIntExact(declared - count));
        // The source learns that it was read to its end.
        return read() < 0 ? all : super.readAllBytes();
    }

    /** The trailer fields of a chunked body, after it was read to its end; empty before that. */
    public Headers trailers() {
        return source.trailers();
    }

    /** Whether the body was read to its end. */
    public boolean isDone() {
        return ended;
    }

    /**
     * Whether a read has failed, so that the next bytes of the connection may belong to this body or to another
     * message.
     */
    public boolean isAborted() {
        return broken;
    }

    /** Whether the client is certain to send it. */
    public boolean willCome() {
        return started || !awaited;
    }

    /**
     * Checks the declared length.
     *
     * @throws HttpException 413 if it is more than is accepted
     */
    public void requireFits() {
        requireFits(source.declared());
    }

    /** A lower bound for the number of bytes that are unread. */
    public long leftAtLeast() {
        return ended ? 0 : Math.max(1, source.declared() - count);
    }

    /**
     * Reads and discards the rest, without a limit of its length but at most about this many bytes.
     *
     * @return whether that was all of it
     */
    public boolean discard(int most) throws IOException {
        limit = Long.MAX_VALUE;
        byte[] chunk = new byte[DISCARD_CHUNK];
        int discarded = 0;
        while (!ended && !broken && discarded <= most) {
            discarded += Math.max(0, read(chunk, 0, chunk.length));
        }
        return ended;
    }
}
