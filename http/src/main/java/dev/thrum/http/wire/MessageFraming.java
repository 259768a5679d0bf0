package dev.thrum.http.wire;

import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.syntax.Syntax;
import java.util.List;

/** The header fields that decide where a message ends and whether another may follow (RFC 9112, sections 6 and 9). */
public final class MessageFraming {
    private static final int MOST_LENGTH_DIGITS = 18;
    private static final int TEN = 10;

    private MessageFraming() {}

    /** Requires {@code chunked} as the only transfer coding (RFC 9112, 6.1 and 7.1); throws 400 or 501 otherwise. */
    public static void requireChunked(Headers headers, boolean http11) {
        if (!http11) {
            throw HttpException.of(400, "Malformed request: expected no Transfer-Encoding in HTTP/1.0");
        }
        List<String> codings = headers.elements("Transfer-Encoding");
        long chunked = codings.stream().filter("chunked"::equalsIgnoreCase).count();
        boolean last = chunked == 1 && codings.getLast().equalsIgnoreCase("chunked");
        if (codings.isEmpty() || chunked > 1 || (chunked == 1 && !last)) {
            throw HttpException.of(400, "Malformed header Transfer-Encoding: expected chunked, once, at its end");
        }
        if (codings.size() > 1 || !last) {
            throw HttpException.of(501, "Transfer coding not supported: expected chunked");
        }
        if (headers.all("Transfer-Encoding").size() != 1) {
            throw HttpException.of(
                    400, "Malformed request: expected one header Transfer-Encoding but there are several");
        }
        if (!headers.valueIs(headers.indexOf("Transfer-Encoding", 0), "chunked")) {
            // Empty elements of a list may be ignored, but recipients have differed about them in this field.
            throw HttpException.of(400, "Malformed header Transfer-Encoding: expected chunked and nothing else");
        }
    }

    /**
     * The value of {@code Content-Length} in bytes (RFC 9110, 8.6); throws 400 if it is no number, 413 if it is too
     * large for any body.
     */
    public static long contentLength(String value) {
        boolean digits = !value.isEmpty() && value.chars().allMatch(Syntax::isDigit);
        if (!digits) {
            throw HttpException.of(400, "Malformed header Content-Length: expected a number");
        }
        int zeros = 0;
        while (zeros < value.length() - 1 && value.charAt(zeros) == '0') {
            zeros++;
        }
        if (value.length() - zeros > MOST_LENGTH_DIGITS) {
            throw HttpException.of(413, "Content too large");
        }
        return Long.parseLong(value, zeros, value.length(), TEN);
    }

    /** Whether the sender allows another message on this connection (RFC 9112, 9.3). */
    public static boolean keepsAlive(Headers headers, boolean http11) {
        return http11
                ? !headers.hasElement("Connection", "close")
                : headers.hasElement("Connection", "keep-alive") && !headers.hasElement("Connection", "close");
    }
}
