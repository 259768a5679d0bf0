package dev.thrum.http.client;

import dev.thrum.http.HttpException;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes brotli (RFC 7932). Its window is at most 16 MiB, and grows only with the content. Owned by the thread that
 * reads.
 */
final class Brotli implements Decoder {
    private final RewindableInput in;

    /** Made at the first read, because making it reads. */
    private @Nullable BrotliInputStream decoder;

    Brotli(RewindableInput in) {
        this.in = in;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            if (decoder == null) {
                decoder = new BrotliInputStream(in);
            }
            return decoder.read(target, offset, length);
        } catch (HttpException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            in.requireNoFailure();
            // Bytes after the end are an error too, and can't be told from others.
            throw new ResponseException(
                    Kind.MALFORMED, "Malformed br: expected complete brotli data and nothing after it", e);
        }
    }

    @Override
    public void close() {
        // It has only arrays.
    }
}
