package dev.thrum.http.syntax;

/**
 * The deviations from the grammar that the parsers accept; there are no others. Each is here because real clients or
 * servers need it, and none moves the boundary between two messages.
 */
public enum Leniency {
    /** One empty line before a request line: RFC 9112, 2.2 (older clients send it after a body). */
    EMPTY_LINE_BEFORE_REQUEST(""),

    /**
     * These characters unencoded in a path, which RFC 9112, 3.2 and RFC 3986 don't allow. Browsers send those outside
     * the path percent-encode set of WHATWG URL, 1.3; older browsers and tools send the last four. Browsers turn a
     * backslash into a slash, so it is not accepted.
     */
    UNWISE_IN_PATH("[]|{}^`"),

    /**
     * The same in a query: all visible characters outside its percent-encode set, the backslash too. A percent sign
     * that is not followed by two hexadecimal digits is kept in a query, and only there: in a path it could be read in
     * two ways.
     */
    UNWISE_IN_QUERY(visibleExcept("\"#<>")),

    /** Bytes above 0x7f in a field value, as opaque data: RFC 9110, 5.5 (obs-text). */
    OPAQUE_TEXT(""),

    /** Blanks before the semicolon of a chunk extension: RFC 9112, 7.1.1 (BWS). */
    BLANKS_BEFORE_CHUNK_EXTENSION(""),

    /** A minor version above 1, treated as 1.1: RFC 9110, 2.5. */
    HIGHER_MINOR_VERSION(""),

    /** No space after the status if no reason follows: RFC 9112, 4 requires it, many servers omit it. */
    NO_SPACE_BEFORE_EMPTY_REASON(""),

    /** A status from 600 to 999, passed on: RFC 9110, 15 would treat it as 500, but callers may need it. */
    STATUS_ABOVE_599(""),

    /** {@code Content-Length} more than once in a response, with the same value each time: RFC 9110, 8.6. */
    REPEATED_LENGTH(""),

    /** Empty elements in lists, such as {@code Connection}: RFC 9110, 5.6.1.2. */
    EMPTY_LIST_ELEMENTS("");

    private final String characters;

    Leniency(String characters) {
        this.characters = characters;
    }

    private static String visibleExcept(String encoded) {
        StringBuilder characters = new StringBuilder();
        for (char c = '!'; c <= '~'; c++) {
            if (encoded.indexOf(c) < 0) {
                characters.append(c);
            }
        }
        return characters.toString();
    }

    String characters() {
        return characters;
    }
}
