package dev.thrum.http.client;

import dev.thrum.http.Body;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response as the caller sees it: decoded, limited in size, and returning its connection at its end.
 * Owned by the thread that reads.
 */
final class ResponseBody extends InputStream {
    private final Body raw;
    private final ClientConnection connection;
    private final Exchange exchange;
    private final HttpLimits limits;
    private final @Nullable Gunzip gunzip;
    private long decoded;
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

    ResponseBody(Body raw, ClientConnection connection, Exchange exchange, HttpLimits limits, boolean gzipped) {
        this.raw = raw;
        this.connection = connection;
        this.exchange = exchange;
        this.limits = limits;
        this.gunzip = gzipped && !raw.isDone() ? new Gunzip(raw) : null;
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

    private int receive(byte[] target, int offset, int length) throws IOException {
        // Bytes that have arrived are read without a wait, but the time of the exchange ends anyway.
        var _ = exchange.left();
        if (gunzip == null) {
            return raw.read(target, offset, length);
        }
        int count = gunzip.read(target, offset, length);
        decoded += Math.max(0, count);
        if (decoded > limits.body()) {
            throw new ResponseException(
                    Kind.TOO_LARGE,
                    "Content too large: expected at most " + limits.body() + " bytes when decoded",
                    null);
        }
        return count;
    }

    private void end(State how) {
        state = how;
        if (gunzip != null) {
            gunzip.close();
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
