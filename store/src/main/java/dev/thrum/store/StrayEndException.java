package dev.thrum.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A work has ended the transaction it was given, or begun one: nobody knows what of its writes is there to stay. */
final class StrayEndException extends SQLException {
    private static final long serialVersionUID = 1L;

    StrayEndException(@Nullable Throwable cause) {
        super(
                "expected statements within the transaction that the work is given but one of them has ended it, or has"
                        + " begun another: let the work return or throw",
                cause);
    }
}
