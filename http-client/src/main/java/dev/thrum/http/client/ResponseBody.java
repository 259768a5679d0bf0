package dev.thrum.http.client;

import dev.thrum.http.Body;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/**
 * The body of a response as the caller sees it: decoded, limited in size, and returning its connection at its end.
 * Owned by the thread that reads.
 */
final class ResponseBody extends InputStream {
    /** Bytes. */
    private static final int SMALL = 16 * 1024;

    private final Body raw;
    private final ClientConnection connection;
    private final Exchange exchange;
    private final List<DecodedStream> decoding;

    /** The decoded bytes: of the last decoder, or as they were received. */
    private final InputStream content;

    private State state = State.OPEN;

    private enum State {
        OPEN,
        /** Read to its end; the connection has been returned. */
        ENDED,
        /** A read has failed; the connection was reset. */
        FAILED,
        /** Closed by the caller before its end. */
        CLOSED
    }

    ResponseBody(Body raw, ClientConnection connection, Exchange exchange, ContentCoding coding) {
        this.raw = raw;
        this.connection = connection;
        this.exchange = exchange;
        InputStream received = new Received();
        this.decoding =
                coding.over(received, connection.isTolerant(), exchange.limits().body());
        this.content = decoding.isEmpty() ? received : decoding.getLast();
        if (raw.isDone()) {
            state = State.ENDED;
            connection.release();
        }
    }

    Headers trailers() {
        return raw.trailers();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (state == State.FAILED || state == State.CLOSED) {
            throw new IOException("expected no more reads of a response that was closed, or after a read that failed");
        }
        if (state == State.ENDED || length == 0) {
            return state == State.ENDED ? -1 : 0;
        }
        boolean whole = false;
        try {
            int count = receive(target, offset, length);
            whole = true;
            if (count < 0) {
                end(State.ENDED);
                connection.release();
            }
            return count;
        } catch (HttpException e) {
            throw connection.found(e);
        } finally {
            if (!whole) {
                end(State.FAILED);
                connection.reset();
            }
        }
    }

    /** If it is known that the body is small, without the buffer of 16 KiB that {@link InputStream} makes for each. */
    @Override
    public byte[] readAllBytes() throws IOException {
        long most = decoding.isEmpty() ? raw.declaredLength().orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
        if (most > SMALL) {
            return super.readAllBytes();
        }
        byte[] all = readNBytes((int) most);
        // Its end is read too, which returns the connection.
        var _ = read();
        return all;
    }

    private int receive(byte[] target, int offset, int length) throws IOException {
        int count = content.read(target, offset, length);
        if (count < 0 && !decoding.isEmpty()) {
            endAll();
        }
        return count;
    }

    /** Reads every stream to its end, because a decoder may have found its own before; the last one has ended. */
    private void endAll() throws IOException {
        byte[] rest = new byte[1024];
        for (int i = decoding.size() - 2; i >= 0; i--) {
            requireEnd(decoding.get(i), rest);
        }
        requireEnd(new Received(), rest);
    }

    private void requireEnd(InputStream stream, byte[] rest) throws IOException {
        while (stream.read(rest, 0, rest.length) >= 0) {
            // Leniency.PADDING_AFTER_CODING
            if (!connection.isTolerant()) {
                throw ResponseException.malformed("Malformed body: expected nothing after the end of its coding");
            }
        }
    }

    private void end(State how) {
        state = how;
        decoding.forEach(DecodedStream::close);
    }

    /** The body as it was received, within the time of the exchange. */
    private final class Received extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            // Bytes that have arrived are read without a wait, but the time of the exchange ends anyway.
            var _ = exchange.left();
            return raw.read(target, offset, length);
        }
    }

    /** Returns the connection. If little of the body is unread, it is read; else the connection is reset. */
    @Override
    public void close() {
        if (state == State.OPEN) {
            end(State.CLOSED);
            connection.abandon(raw);
        } else if (state == State.ENDED) {
            state = State.CLOSED;
        }
    }
}
