package dev.thrum.http.wire;

import dev.thrum.base.Plural;
import dev.thrum.http.BodySource;
import dev.thrum.http.HttpException;
import java.io.IOException;

/** A body of the length that the head declares ({@code Content-Length}). Owned by the thread that reads. */
public final class FixedBody implements BodySource {
    private final ReadBudget budget;
    private final long declared;
    private long left;

    public FixedBody(ReadBudget budget, long declared) {
        this.budget = budget;
        this.declared = declared;
        this.left = declared;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = budget.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw HttpException.of(
                    400, "Incomplete body: the connection ended " + Plural.of(left, "byte") + " before its end");
        }
        left -= count;
        return count;
    }

    @Override
    public long declared() {
        return declared;
    }
}
