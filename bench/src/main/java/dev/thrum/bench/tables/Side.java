package dev.thrum.bench.tables;

import java.util.Locale;

/** A side of the comparison of this checkout with an earlier package. */
public enum Side {
    NOW,
    BASELINE;

    /** Its name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of this side of an engine, in tables. */
    public String of(String engine) {
        return engine + ", " + word();
    }
}
