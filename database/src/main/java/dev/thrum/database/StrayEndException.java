package dev.thrum.database;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A work has ended its transaction or begun another, so that it is uncertain which of its writes are permanent. */
final class StrayEndException extends SQLException {
    private static final long serialVersionUID = 1L;

    StrayEndException(@Nullable Throwable cause) {
        super(
                "expected the transaction of a work to begin and end with it but a statement has ended it, or has begun"
                        + " another: let the work return or throw (and no pooler share the connection)",
                cause);
    }
}
