package dev.thrum.http.wire;

import dev.thrum.http.BodySource;
import dev.thrum.http.HttpException;
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
        int count = budget.read(target, offset, length);
        if (count < 0 && budget.isTruncated()) {
            throw HttpException.of(
                    400,
                    "Incomplete body: it lasts until the connection ends, which has ended without a word of the peer"
                            + " (close_notify), so it may have been cut");
        }
        return count;
    }

    @Override
    public long declared() {
        return UNKNOWN;
    }
}
