package dev.thrum.http.wire;

import dev.thrum.http.BodySource;
import java.io.IOException;

/**
 * A body that ends with its connection: of a response without a length (RFC 9112, 6.3). Owned by the thread that reads.
 */
public final class CloseDelimitedBody implements BodySource {
    private final ReadBudget budget;

    public CloseDelimitedBody(ReadBudget budget) {
        this.budget = budget;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return budget.read(target, offset, length);
    }

    @Override
    public long declared() {
        return UNKNOWN;
    }
}
