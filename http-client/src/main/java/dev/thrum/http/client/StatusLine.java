package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.base.Printable;
import dev.thrum.http.syntax.Syntax;
import java.io.IOException;

/**
 * The first line of a response (RFC 9112, section 4), without its reason.
 *
 * @param http11 HTTP/1.1 or a higher minor version, not 1.0
 * @param doubtful whether it was malformed in a way that is tolerated
 */
record StatusLine(int status, boolean http11, boolean doubtful) {
    private static final String VERSION = "HTTP/1.";
    private static final String ICY = "ICY";
    /** The length of {@code HTTP/1.1 200}. */
    private static final int SHORTEST = 12;

    private static final int DIGITS = 3;
    private static final int SHOWN = 60;

    /**
     * Parses a line without its end.
     *
     * @throws ResponseException if it is no status line
     */
    static StatusLine parse(byte[] bytes, int start, int end, boolean tolerant) throws IOException {
        boolean wellFormed = end - start >= SHORTEST
                && Syntax.equals(bytes, start, start + VERSION.length(), VERSION)
                && Syntax.isDigit(bytes[start + 7])
                && bytes[start + 8] == ' '
                && isStatus(bytes, start + 9)
                // Leniency.NO_SPACE_BEFORE_EMPTY_REASON
                && (end - start == SHORTEST || bytes[start + SHORTEST] == ' ');
        if (wellFormed) {
            // Leniency.HIGHER_MINOR_VERSION
            return new StatusLine(number(bytes, start + 9), bytes[start + 7] != '0', false);
        }
        int version = tolerant ? endOfVersion(bytes, start, end) : start;
        int at = version;
        // Leniency.LOOSE_STATUS_LINE
        while (at < end && Syntax.isBlank(bytes[at])) {
            at++;
        }
        boolean tolerable = at > version
                && end - at >= DIGITS
                && isStatus(bytes, at)
                && (end - at == DIGITS || Syntax.isBlank(bytes[at + DIGITS]));
        if (!tolerable) {
            throw ResponseException.malformed(
                    "Malformed status line: expected HTTP/1.1, a status of three digits and a reason but was "
                            + Printable.excerpt(new String(bytes, start, end - start, ISO_8859_1), SHOWN));
        }
        boolean http11 = version - start > ICY.length() && bytes[version - 1] != '0';
        return new StatusLine(number(bytes, at), http11, true);
    }

    /** The index after the version; the start if there is none. */
    private static int endOfVersion(byte[] bytes, int start, int end) {
        int name = start + VERSION.length();
        if (name < end && Syntax.equalsIgnoringCase(bytes, start, name, VERSION) && Syntax.isDigit(bytes[name])) {
            return name + 1;
        }
        // Leniency.ICY_STATUS_LINE
        int icy = start + ICY.length();
        return icy < end && Syntax.equalsIgnoringCase(bytes, start, icy, ICY) ? icy : start;
    }

    /** Leniency.STATUS_ABOVE_599. */
    private static boolean isStatus(byte[] bytes, int at) {
        return bytes[at] >= '1' && bytes[at] <= '9' && Syntax.isDigit(bytes[at + 1]) && Syntax.isDigit(bytes[at + 2]);
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] - '0') * 100 + (bytes[at + 1] - '0') * 10 + bytes[at + 2] - '0';
    }
}
