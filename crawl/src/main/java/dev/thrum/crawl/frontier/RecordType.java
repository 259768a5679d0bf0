package dev.thrum.crawl.frontier;

import org.jspecify.annotations.Nullable;

/** What a record says. The state is the same in whatever order they are read, except for the order of the URLs that wait. */
enum RecordType {
    /** A URL was found: {@link UrlRecord}. */
    ADDED(1),

    /** A URL is finished: fingerprint, least depth so far, note. */
    DONE(2),

    /** A URL was found at a lesser depth: fingerprint, depth. */
    DEPTH(3),

    /** The last record of a segment. */
    END(4),

    /** Finished URLs whose segments are gone: {@link SeenFile}. */
    SEEN(5);

    private final int code;

    RecordType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static @Nullable RecordType of(int code) {
        return switch (code) {
            case 1 -> ADDED;
            case 2 -> DONE;
            case 3 -> DEPTH;
            case 4 -> END;
            case 5 -> SEEN;
            default -> null;
        };
    }
}
