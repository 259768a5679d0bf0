package dev.thrum.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The body of a message that comes in, as a stream: reading waits for what the peer sends, and a peer that sends faster
 * than it is read is held back by the network.
 *
 * <p>What is wrong with it is an {@link HttpException} of the status to answer with (400, 408, 413), which a handler
 * passes on; a connection that broke is an {@link IOException}. Owned by the handler's thread.
 */
public final class Body extends InputStream {
    /** No array is larger. */
    private static final int MOST_AT_ONCE = Integer.MAX_VALUE - 8;

    private static final int DISCARD_CHUNK = 8 * 1024;

    private final BodySource source;
    private final Start start;
    private final boolean awaited;
    private long limit;
    private long count;
    private boolean started;
    private boolean answered;
    private boolean ended;
    private boolean broken;

    /** What happens before the first byte is waited for. */
    public interface Start {
        /**
         * Begins it.
         *
         * @param ask the client may be told to go on: nothing of the final answer has been written
         */
        void beginBody(boolean ask) throws IOException;
    }

    /** A body that may be read at once, of any length. */
    public Body(BodySource source) {
        this(source, Long.MAX_VALUE, false, _ -> {});
    }

    /**
     * A body.
     *
     * @param awaited the client waits to be asked for it, and may not send it at all
     */
    public Body(BodySource source, long limit, boolean awaited, Start start) {
        this.source = source;
        this.limit = limit;
        this.awaited = awaited;
        this.start = start;
        this.ended = source.declared() == 0;
    }

    /** How many bytes the head says there are; empty if it does not. */
    public OptionalLong declaredLength() {
        return source.declared() < 0 ? OptionalLong.empty() : OptionalLong.of(source.declared());
    }

    /**
     * Says how many bytes are accepted.
     *
     * @throws HttpException 413 if the head says there are more; otherwise reading will throw it
     */
    public void limit(long most) {
        limit = most;
        requireFits(source.declared());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        if (broken) {
            throw new IOException("expected no more reading from a body that was found malformed before");
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
            start.beginBody(!answered);
        }
    }

    /** The final answer is about to be written, perhaps by who reads this body: asking for it is now or never. */
    public void answering(boolean mayBeRead) throws IOException {
        if (mayBeRead && awaited && !ended && !broken) {
            begin();
        }
        answered = true;
    }

    public void requireFits(long bytes) {
        if (bytes > limit) {
            throw HttpException.of(413, "Content too large: expected at most " + limit + " bytes");
        }
    }

    /** All bytes that are left. */
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

    /** The fields behind the body, once it has been read to its end; empty before. */
    public Headers trailers() {
        return source.trailers();
    }

    /** Whether nothing of it is left on the connection. */
    public boolean isDone() {
        return ended;
    }

    /** Whether the bytes behind the last one that was read can't be told to be those of a next message. */
    public boolean isAborted() {
        return broken;
    }

    /** Whether the client will send it for certain. */
    public boolean willCome() {
        return started || !awaited;
    }

    /**
     * Checks what the head says.
     *
     * @throws HttpException 413 if there is more than is accepted
     */
    public void requireFits() {
        requireFits(source.declared());
    }

    /** How many bytes are left for certain. */
    public long leftAtLeast() {
        return ended ? 0 : Math.max(1, source.declared() - count);
    }

    /** Reads what is left and throws it away, so many bytes at most; returns whether that was all. */
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
