package dev.thrum.bench.options;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A part of {@code thrum bench tls}. */
public enum TlsRow {
    /** A small response on a kept connection. */
    SMALL,

    /** A response of 100 KB. */
    BULK,

    /** The heap of an idle connection. */
    MEMORY,

    /** The CPU of a new connection, and how long a handshake holds a loop. */
    HANDSHAKES;

    /** Its name in options. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(TlsRow::word).toList();
    }

    static TlsRow named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
