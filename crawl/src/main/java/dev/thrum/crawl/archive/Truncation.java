package dev.thrum.crawl.archive;

import java.util.Locale;

/** Why a body is not whole (ISO 28500, 5.13). */
public enum Truncation {
    /** It was longer than the limit. */
    LENGTH,
    /** It took longer than the limit. */
    TIME,
    /** The connection ended or failed before the end. */
    DISCONNECT;

    /** As it is written. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
