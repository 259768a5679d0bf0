package dev.thrum.http.client;

import dev.thrum.http.wire.ReadBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * Passes the bytes of a response on, the head in one piece. The limits of heads bound what it collects. Owned by the
 * thread that reads.
 */
final class RawTap implements ReadBudget.Tap {
    private final RawExchange raw;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private boolean inBody;

    RawTap(RawExchange raw) {
        this.raw = raw;
    }

    @Override
    public void consumed(byte[] bytes, int offset, int length) throws IOException {
        if (inBody) {
            raw.body(bytes, offset, length);
        } else {
            head.write(bytes, offset, length);
        }
    }

    /** What was collected is an interim response. */
    void skipHead() {
        head.reset();
    }

    /** The body begins. */
    void endHead() throws IOException {
        inBody = true;
        raw.head(head.toByteArray());
    }
}
