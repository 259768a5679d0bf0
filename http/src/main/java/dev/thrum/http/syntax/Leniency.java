package dev.thrum.http.syntax;

/**
 * What this parser accepts although a strict one might not; nothing else. Each is there because real clients need it, and
 * none moves the border between two messages.
 */
public enum Leniency {
    /** One empty line before a request line: RFC 9112, 2.2 (older clients send it after a body). */
    EMPTY_LINE_BEFORE_REQUEST(""),

    /**
     * These characters unencoded in a path, which RFC 9112, 3.2 and RFC 3986 don't allow: what is not in the path
     * percent-encode set of WHATWG URL, 1.3, is sent by browsers as it is, and the last four by older ones and by tools. A
     * backslash they make a slash, so it is not among them.
     */
    UNWISE_IN_PATH("[]|{}^`"),

    /**
     * The same in a query: all that is visible and not in its percent-encode set, the backslash too. A percent sign that
     * begins no encoded byte stands for itself there, and only there: in a path it would be read in two ways.
     */
    UNWISE_IN_QUERY(visibleExcept("\"#<>")),

    /** Bytes above 0x7f in a field value, as opaque data: RFC 9110, 5.5 (obs-text). */
    OPAQUE_TEXT(""),

    /** Blanks before the semicolon of a chunk extension: RFC 9112, 7.1.1 (BWS). */
    BLANKS_BEFORE_CHUNK_EXTENSION(""),

    /** A minor version above 1, taken for 1.1: RFC 9110, 2.5. */
    HIGHER_MINOR_VERSION(""),

    /** No space behind the status where no reason follows: RFC 9112, 4 asks for it, many servers leave it away. */
    NO_SPACE_BEFORE_EMPTY_REASON(""),

    /** A status from 600 to 999, as it is: RFC 9110, 15 would have it taken for 500, and callers may want to know. */
    STATUS_ABOVE_599(""),

    /** Content-Length several times in an answer, if it says the same each time: RFC 9110, 8.6. */
    REPEATED_LENGTH(""),

    /** Empty elements in the list of Connection and others: RFC 9110, 5.6.1.2. */
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
