package dev.thrum.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;

/** The status codes of RFC 9110, section 15, and their reason phrases. */
public final class Status {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(101, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(201, "Created"),
            Map.entry(202, "Accepted"),
            Map.entry(204, "No Content"),
            Map.entry(206, "Partial Content"),
            Map.entry(301, "Moved Permanently"),
            Map.entry(302, "Found"),
            Map.entry(303, "See Other"),
            Map.entry(304, "Not Modified"),
            Map.entry(307, "Temporary Redirect"),
            Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(406, "Not Acceptable"),
            Map.entry(408, "Request Timeout"),
            Map.entry(409, "Conflict"),
            Map.entry(410, "Gone"),
            Map.entry(411, "Length Required"),
            Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(416, "Range Not Satisfiable"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(421, "Misdirected Request"),
            Map.entry(422, "Unprocessable Content"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(505, "HTTP Version Not Supported"));

    private static final int SWITCHING = 101;
    private static final int LOWEST = 200;
    private static final int HIGHEST = 599;
    private static final byte[][] LINES = new byte[HIGHEST - LOWEST + 1][];
    private static final byte[] SWITCHING_LINE = made(SWITCHING);

    static {
        for (int status = LOWEST; status <= HIGHEST; status++) {
            LINES[status - LOWEST] = made(status);
        }
    }

    private static byte[] made(int status) {
        return ("HTTP/1.1 " + status + " " + REASONS.getOrDefault(status, "") + "\r\n").getBytes(ISO_8859_1);
    }

    private Status() {}

    static void requireFinal(int status) {
        if (status < LOWEST || status > HIGHEST) {
            throw new IllegalArgumentException(
                    "expected a status from " + LOWEST + " to " + HIGHEST + " but was " + status);
        }
    }

    /**
     * The whole status line with its line end; the array must not be changed.
     *
     * @param status from 200 to 599, or 101
     */
    public static byte[] line(int status) {
        return status == SWITCHING ? SWITCHING_LINE : LINES[status - LOWEST];
    }

    /** The reason phrase of RFC 9110 for a status; empty if it defines none. */
    public static String reason(int status) {
        return REASONS.getOrDefault(status, "");
    }

    /**
     * Whether a response with this status has a body, which may be empty (RFC 9110, 6.4.1); false for 101, 204 and 304.
     */
    public static boolean allowsBody(int status) {
        return status != 204 && status != 304 && status != SWITCHING;
    }
}
