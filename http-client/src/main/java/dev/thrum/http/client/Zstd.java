package dev.thrum.http.client;

import dev.thrum.http.HttpException;
import dev.thrum.http.client.ResponseException.Kind;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;

/** Decodes Zstandard (RFC 8878), within the window of RFC 9659. Owned by the thread that reads. */
final class Zstd implements Decoder {
    private final RewindableInput in;
    private final ZstdInputStream decoder;

    Zstd(RewindableInput in, boolean tolerant) {
        this.in = in;
        this.decoder = new ZstdInputStream(new ZstdFrames(in, tolerant));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return decoder.read(target, offset, length);
        } catch (HttpException | ResponseException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The decoder finds some malformed data by an index that is out of bounds.
            in.requireNoFailure();
            throw new ResponseException(Kind.MALFORMED, "Malformed zstd: expected compressed blocks", e);
        }
    }

    @Override
    public void close() {
        // It has only arrays.
    }
}
