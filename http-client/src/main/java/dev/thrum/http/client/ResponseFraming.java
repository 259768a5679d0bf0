package dev.thrum.http.client;

import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Status;
import dev.thrum.http.client.ResponseReader.Head;
import dev.thrum.http.syntax.Syntax;
import dev.thrum.http.wire.ChunkedBody;
import dev.thrum.http.wire.CloseDelimitedBody;
import dev.thrum.http.wire.FixedBody;
import dev.thrum.http.wire.HeadLines;
import dev.thrum.http.wire.MessageFraming;
import dev.thrum.http.wire.ReadBudget;
import java.io.IOException;
import java.util.List;

/**
 * Where the body of a response ends, and whether another response may follow (RFC 9112, sections 6.3 and 9.3).
 *
 * <p>Strictly, contradictions are errors. A tolerant client reads the body as browsers do, and nothing after it. Lengths
 * that differ are an error for both: RFC 9112, 6.3 requires it.
 */
final class ResponseFraming {
    private final HttpLimits limits;
    private final ReadBudget budget;
    private final HeadLines lines;

    ResponseFraming(HttpLimits limits, ReadBudget budget, HeadLines lines) {
        this.limits = limits;
        this.budget = budget;
        this.lines = lines;
    }

    /** The bytes of the body of the response to a request with this method. */
    BodySource source(Head head, String method) throws IOException {
        BodySource source = announced(head);
        return method.equals("HEAD") || !Status.allowsBody(head.status()) ? BodySource.NONE : source;
    }

    /** The framing that the head declares, even if the response must have no body. */
    private BodySource announced(Head head) throws IOException {
        Headers headers = head.headers();
        if (headers.contains("Transfer-Encoding") && isChunked(head)) {
            return new ChunkedBody(lines, budget, limits);
        }
        if (!headers.contains("Content-Length")) {
            return new CloseDelimitedBody(budget);
        }
        long length = length(headers);
        if (length == BodySource.UNKNOWN) {
            return new CloseDelimitedBody(budget);
        }
        return length == 0 ? BodySource.NONE : new FixedBody(budget, length);
    }

    private boolean isChunked(Head head) throws IOException {
        return lines.isTolerant() ? isChunkedTolerantly(head) : requireChunkedOnce(head);
    }

    private static boolean requireChunkedOnce(Head head) throws IOException {
        Headers headers = head.headers();
        if (headers.contains("Content-Length")) {
            throw ResponseException.malformed(
                    "Malformed response: expected Content-Length or Transfer-Encoding but there are both");
        }
        if (!head.http11()) {
            throw ResponseException.malformed("Malformed response: expected no Transfer-Encoding in HTTP/1.0");
        }
        if (headers.all("Transfer-Encoding").size() != 1) {
            throw ResponseException.malformed(
                    "Malformed response: expected one header Transfer-Encoding but there are several");
        }
        MessageFraming.requireChunked(headers, true);
        return true;
    }

    private boolean isChunkedTolerantly(Head head) {
        Headers headers = head.headers();
        List<String> codings = headers.elements("Transfer-Encoding").stream()
                .filter(coding -> !coding.equalsIgnoreCase("identity"))
                .toList();
        boolean chunked =
                head.http11() && !codings.isEmpty() && codings.stream().allMatch("chunked"::equalsIgnoreCase);
        boolean once = chunked
                && headers.all("Transfer-Encoding").size() == 1
                && headers.valueIs(headers.indexOf("Transfer-Encoding", 0), "chunked");
        if (!once || headers.contains("Content-Length")) {
            // Leniency.LENGTH_AND_CHUNKED, REPEATED_CHUNKED, IDENTITY_TRANSFER_CODING and TRANSFER_CODING_IN_HTTP_1_0
            lines.doubt();
        }
        if (head.http11() && !chunked && !codings.isEmpty()) {
            // A coding that was not asked for; there is no other way to find the end.
            MessageFraming.requireChunked(headers, true);
        }
        return chunked;
    }

    /** The declared length; {@link BodySource#UNKNOWN} if it is ignored. */
    private long length(Headers headers) throws IOException {
        int first = headers.indexOf("Content-Length", 0);
        String value = headers.value(first);
        if (headers.indexOf("Content-Length", first + 1) >= 0 || value.indexOf(',') >= 0) {
            value = onlyOf(
                    headers.elements("Content-Length").stream().distinct().toList());
        }
        if (lines.isTolerant() && (value.isEmpty() || !value.chars().allMatch(Syntax::isDigit))) {
            // Leniency.MALFORMED_LENGTH
            lines.doubt();
            return BodySource.UNKNOWN;
        }
        return MessageFraming.contentLength(value);
    }

    /** Leniency.REPEATED_LENGTH. */
    private static String onlyOf(List<String> lengths) throws IOException {
        if (lengths.size() > 1) {
            throw ResponseException.malformed(
                    "Malformed response: expected one Content-Length but there are several: " + lengths);
        }
        return lengths.isEmpty() ? "" : lengths.getFirst();
    }

    /**
     * Whether another response may follow on the connection.
     *
     * <p>A server that declares a body where there must be none may also send it (RFC 9112, 11.2).
     */
    static boolean keepsAlive(Head head, BodySource source) {
        Headers headers = head.headers();
        boolean doubtful = head.status() == 204
                && (headers.contains("Transfer-Encoding")
                        || !headers.all("Content-Length").stream().allMatch("0"::equals));
        return !doubtful
                && !(source instanceof CloseDelimitedBody)
                && MessageFraming.keepsAlive(headers, head.http11());
    }
}
