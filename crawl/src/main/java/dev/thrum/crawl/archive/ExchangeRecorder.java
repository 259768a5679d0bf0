package dev.thrum.crawl.archive;

import dev.thrum.http.client.RawExchange;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the bytes of one exchange in memory. Owned by the thread that sends the request. */
public final class ExchangeRecorder implements RawExchange {
    private static final int FIRST_SIZE = 16 * 1024;
    private static final byte[] NONE = {};

    private final int most;
    private byte[] request = NONE;
    private byte[] head = NONE;
    private byte[] body = NONE;
    private int length;
    private boolean overflown;

    /**
     * A recorder of nothing yet.
     *
     * @param most the maximum number of bytes kept of a body; the others are dropped, and the exchange is marked as
     *     truncated
     */
    public ExchangeRecorder(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("expected a limit of at least 0 bytes but was " + most);
        }
        this.most = most;
    }

    @Override
    public void request(byte[] bytes) {
        request = bytes;
    }

    @Override
    public void head(byte[] bytes) {
        head = bytes;
    }

    @Override
    public void body(byte[] bytes, int offset, int count) {
        int kept = Math.min(count, most - length);
        overflown |= kept < count;
        if (length + kept > body.length) {
            long doubled = Math.max(FIRST_SIZE, 2L * body.length);
            body = Arrays.copyOf(body, (int) Math.max(length + kept, Math.min(doubled, most)));
        }
        System.arraycopy(bytes, offset, body, length, kept);
        length += kept;
    }

    /**
     * What was recorded; empty if no response has arrived.
     *
     * @param url that was requested, in ASCII
     * @param time when the request was sent
     * @param address of the server; null if it is unknown
     * @param truncated why the response was not read to its end; null if it was
     */
    public Optional<Exchange> exchange(
            String url, Instant time, @Nullable InetAddress address, @Nullable Truncation truncated) {
        if (head.length == 0) {
            return Optional.empty();
        }
        Truncation reason = overflown ? Truncation.LENGTH : truncated;
        byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
        return Optional.of(new Exchange(url, time, address, request, head, whole, reason, null));
    }
}
