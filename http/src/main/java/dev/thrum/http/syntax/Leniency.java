package dev.thrum.http.syntax;

/**
 * The deviations from the grammar that the parsers accept; there are no others. Each is here because real clients or
 * servers need it, and none moves the boundary between two messages.
 *
 * <p>The {@linkplain #isOnlyTolerant tolerant} ones are accepted only in responses, and only by a client that is
 * configured to be tolerant. Where such a deviation puts the end of a response in doubt, which is every one in its head
 * or framing, nothing else is read from its connection.
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
    EMPTY_LIST_ELEMENTS(""),

    /** Lines that end with LF only, of heads and of chunks: RFC 9112, 2.2. */
    LINE_FEED_ONLY,

    /** A control character within a line, CR and NUL too, which is read as a space: RFC 9110, 5.5. */
    CONTROL_CHARACTERS,

    /** A field that goes on in the next line, which begins with a blank: RFC 9112, 5.2. Its parts are joined by a space. */
    FOLDED_FIELD,

    /** Blanks between the name of a field and its colon: RFC 9112, 5.1. */
    BLANK_BEFORE_COLON,

    /** A line between fields that is none: no colon, or a name that is not a token. It is ignored, as browsers do. */
    LINE_WITHOUT_FIELD,

    /** At most four empty lines before a status line: what a server has sent after the body before. */
    EMPTY_LINES_BEFORE_STATUS,

    /** A status line with HTTP in lower case, or with several blanks or tabs between its parts. */
    LOOSE_STATUS_LINE,

    /** A status line that begins with ICY, read as HTTP/1.0: servers of audio streams. */
    ICY_STATUS_LINE,

    /** {@code Transfer-Encoding: chunked} with {@code Content-Length}, which is ignored: RFC 9112, 6.3. */
    LENGTH_AND_CHUNKED,

    /** {@code chunked} more than once, for a body that is in chunks once. */
    REPEATED_CHUNKED,

    /** {@code Transfer-Encoding} with the value {@code identity}, or with none: ignored, as RFC 2616, 4.4 required. */
    IDENTITY_TRANSFER_CODING,

    /** {@code Transfer-Encoding} in HTTP/1.0: ignored, as browsers do. */
    TRANSFER_CODING_IN_HTTP_1_0,

    /** A {@code Content-Length} that is no number: ignored, so the body ends with the connection. */
    MALFORMED_LENGTH,

    /** Blanks after the size of a chunk, and chunk extensions in any form. */
    MALFORMED_CHUNK_EXTENSION,

    /** The end of the connection right after the line of the last chunk, or within the trailer fields. */
    END_AFTER_LAST_CHUNK,

    /** A charset in single quotes, or with a quote only before or after it. */
    ODDLY_QUOTED_CHARSET,

    /** Bytes after the end of a coded body, such as zeros after gzip: ignored. */
    PADDING_AFTER_CODING,

    /** A body in gzip that ends before the checksum, or within it: all of the content has arrived. */
    MISSING_GZIP_TRAILER,

    /** A body that does not have the coding that its head names, which its first bytes prove: taken as it is. */
    UNFOUNDED_CODING;

    private final String characters;
    private final boolean onlyTolerant;

    Leniency(String characters) {
        this.characters = characters;
        this.onlyTolerant = false;
    }

    Leniency() {
        this.characters = "";
        this.onlyTolerant = true;
    }

    /** Whether it is accepted only in responses, by a client that is configured to be tolerant. */
    public boolean isOnlyTolerant() {
        return onlyTolerant;
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
