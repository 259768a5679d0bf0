package dev.thrum.crawl.robots;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One layer of the body of a sitemap: as it arrives, or unpacked from the layer below. A fault and the limit end it
 * like its own end, so that a reader above gets all that precedes them; whoever is done with it asks why it ended.
 * Owned by the thread that reads.
 */
final class SitemapSource extends InputStream {
    private static final int BUFFER = 8192;

    private final InputStream in;
    private final @Nullable SitemapSource below;
    private final byte[] buffer = new byte[BUFFER];
    private int from;
    private int to;
    private long left;
    private boolean ended;
    private boolean isCut;
    private @Nullable IOException failure;

    private SitemapSource(InputStream in, @Nullable SitemapSource below, long mostBytes) {
        this.in = in;
        this.below = below;
        this.left = mostBytes;
    }

    /**
     * The body as it arrives.
     *
     * @param in stays open
     */
    static SitemapSource of(InputStream in, long mostBytes) {
        return new SitemapSource(in, null, mostBytes);
    }

    /**
     * The bytes that are packed in a layer.
     *
     * @param in unpacks it; closed with the result
     */
    static SitemapSource unpacked(InputStream in, SitemapSource below, long mostBytes) {
        return new SitemapSource(in, below, mostBytes);
    }

    /** The first bytes, which stay there to be read; fewer than asked for only if there are no more. At most 8,192. */
    byte[] peek(int most) {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        while (to < most && fill()) {
            // Some streams give less than they have.
        }
        return Arrays.copyOf(buffer, Math.min(to, most));
    }

    @Override
    public int read() {
        return from < to || fill() ? buffer[from++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (from == to && !fill()) {
            return -1;
        }
        int count = Math.min(length, to - from);
        System.arraycopy(buffer, from, target, offset, count);
        from += count;
        return count;
    }

    /** Adds bytes to the buffer; false at the end. */
    private boolean fill() {
        if (from == to) {
            from = 0;
            to = 0;
        }
        if (ended) {
            return false;
        }
        try {
            int count = in.read(buffer, to, BUFFER - to);
            if (count > left) {
                count = (int) left;
                isCut = true;
            }
            ended = count < 0 || isCut;
            to += Math.max(count, 0);
            left -= Math.max(count, 0);
            return count > 0 || !ended;
        } catch (IOException e) {
            failure = e;
            ended = true;
            return false;
        }
    }

    /** Throws the failure of the body itself, if it failed. */
    void requireArrived() throws IOException {
        if (below != null) {
            below.requireArrived();
        } else if (failure != null) {
            throw failure;
        }
    }

    /** Whether this layer or one below has more bytes than may be read. */
    boolean isCut() {
        return isCut || (below != null && below.isCut());
    }

    /** Whether this ended at its own end. */
    boolean isWhole() {
        return ended && failure == null && !isCut();
    }

    /** Why this layer or one below could not be unpacked to its end; empty if that is not so. */
    Optional<String> packingFault() {
        if (below == null) {
            return Optional.empty();
        }
        return below.packingFault().or(() -> Optional.ofNullable(failure).map(Throwable::getMessage));
    }

    @Override
    public void close() throws IOException {
        if (below != null) {
            in.close();
        }
    }
}
