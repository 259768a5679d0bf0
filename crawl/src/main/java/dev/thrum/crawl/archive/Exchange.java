package dev.thrum.crawl.archive;

import java.net.InetAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as they were on the wire, for the WARC file. The arrays are not copied; nobody may change
 * them.
 *
 * @param url that was requested, in ASCII
 * @param time when the request was sent
 * @param address of the server; null if it is unknown
 * @param request the head of the request, with its empty line; empty if it is unknown
 * @param head of the response, with its empty line
 * @param body of the response, with the sizes of its chunks if it was chunked, not decoded
 * @param truncated why the body is not whole; null if it is
 * @param earlier what is known of an earlier exchange, whose response this one confirms: by status 304, or because it
 *     has the same body; null if there is none
 */
@SuppressWarnings("ArrayRecordComponent")
public record Exchange(
        String url,
        Instant time,
        @Nullable InetAddress address,
        byte[] request,
        byte[] head,
        byte[] body,
        @Nullable Truncation truncated,
        @Nullable PageLine earlier) {
    private static final int STATUS_AT = "HTTP/1.1 ".length();

    /**
     * Checks the URL.
     *
     * @throws IllegalArgumentException if it has other characters than printable ASCII
     */
    public Exchange {
        if (!isPrintable(url)) {
            throw new IllegalArgumentException("expected a URL in printable ASCII but was " + url
                    + ": use its serialized form, in which the other characters are percent-encoded");
        }
    }

    /** Whether a URL can be a value in the head of a record. */
    static boolean isPrintable(String url) {
        return !url.isEmpty() && url.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** The same, as a repetition of an earlier exchange. */
    public Exchange confirming(PageLine value) {
        return new Exchange(url, time, address, request, head, body, truncated, value);
    }

    /** Whether the server says that what it has sent before is still valid (RFC 9110, 15.4.5). */
    boolean isNotModified() {
        return head.length > STATUS_AT + 2
                && head[STATUS_AT] == '3'
                && head[STATUS_AT + 1] == '0'
                && head[STATUS_AT + 2] == '4';
    }
}
