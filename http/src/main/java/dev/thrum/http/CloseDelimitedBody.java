package dev.thrum.http;

import java.io.IOException;

/** A body that ends with its connection, of an answer that says no length (RFC 9112, 6.3). Owned by the thread that reads. */
final class CloseDelimitedBody implements BodySource {
    private final Patience patience;

    CloseDelimitedBody(Patience patience) {
        this.patience = patience;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return patience.read(target, offset, length);
    }

    @Override
    public long declared() {
        return UNKNOWN;
    }
}
