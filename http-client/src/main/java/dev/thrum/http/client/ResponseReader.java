package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.thrum.engine.DeadlineException;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Status;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.http.syntax.Syntax;
import dev.thrum.http.wire.ChunkedBody;
import dev.thrum.http.wire.CloseDelimitedBody;
import dev.thrum.http.wire.FixedBody;
import dev.thrum.http.wire.HeadLines;
import dev.thrum.http.wire.MessageFraming;
import dev.thrum.http.wire.ReadBudget;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the heads of the responses of one connection, strictly: any doubt about the end of a response is an error, and
 * no further response is read from the connection (RFC 9112, sections 4, 6.3 and 11). Owned by the thread that reads.
 */
final class ResponseReader {
    private static final int MOST_INTERIM = 8;
    private static final String VERSION = "HTTP/1.";
    /** The length of {@code HTTP/1.1 200}. */
    private static final int SHORTEST = 12;

    private static final int SHOWN = 60;

    private final HttpLimits limits;
    private final ReadBudget budget;
    private final HeadLines lines;

    ResponseReader(HttpLimits limits, ReadBudget budget, HeadLines lines) {
        this.limits = limits;
        this.budget = budget;
        this.lines = lines;
    }

    /**
     * A status line and header fields.
     *
     * @param http11 HTTP/1.1, not 1.0
     */
    record Head(int status, boolean http11, Headers headers) {}

    /** Waits for the head of the response; interim responses before it are skipped (RFC 9110, 15.2). */
    Head read() throws IOException {
        budget.begin(limits.pace().head());
        awaitFirst();
        for (int interim = 0; interim <= MOST_INTERIM; interim++) {
            Head head = readOne();
            if (head.status() == 101) {
                throw ResponseException.malformed(
                        "Malformed response: expected no status 101, because the request had no Upgrade");
            }
            if (head.status() >= 200) {
                return head;
            }
        }
        throw new ResponseException(
                Kind.TOO_LARGE,
                "Too many interim responses: expected at most " + MOST_INTERIM + " of status 1xx",
                null);
    }

    private void awaitFirst() throws IOException {
        try {
            if (budget.awaitFirst()) {
                return;
            }
        } catch (DeadlineException e) {
            throw e;
        } catch (IOException e) {
            // An interrupt says nothing about the server.
            throw Thread.currentThread().isInterrupted() ? e : nothing(e);
        }
        throw nothing(null);
    }

    /** The connection ended or failed before any byte of a response. */
    static ResponseException nothing(@Nullable IOException cause) {
        String how = cause == null ? "the server ended the connection" : "the connection failed: " + cause.getMessage();
        return new ResponseException(Kind.NOTHING, "No response: expected one but " + how, cause);
    }

    private Head readOne() throws IOException {
        lines.next(
                limits.requestLine(),
                () -> HttpException.of(
                        413, "Status line too long: expected at most " + limits.requestLine() + " bytes"));
        byte[] bytes = lines.bytes();
        int start = lines.start();
        boolean wellFormed = lines.end() - start >= SHORTEST
                && Syntax.equals(bytes, start, start + VERSION.length(), VERSION)
                && Syntax.isDigit(bytes[start + 7])
                && bytes[start + 8] == ' '
                && isStatus(bytes, start + 9)
                // Leniency.NO_SPACE_BEFORE_EMPTY_REASON
                && (lines.end() - start == SHORTEST || bytes[start + SHORTEST] == ' ');
        if (!wellFormed) {
            throw ResponseException.malformed(
                    "Malformed status line: expected HTTP/1.1, a status of three digits and a reason but was \""
                            + shown(bytes, start, lines.end()) + "\"");
        }
        // Leniency.HIGHER_MINOR_VERSION
        boolean http11 = bytes[start + 7] != '0';
        int status = (bytes[start + 9] - '0') * 100 + (bytes[start + 10] - '0') * 10 + bytes[start + 11] - '0';
        return new Head(status, http11, lines.fields(limits));
    }

    /** Leniency.STATUS_ABOVE_599. */
    private static boolean isStatus(byte[] bytes, int at) {
        return bytes[at] >= '1' && bytes[at] <= '9' && Syntax.isDigit(bytes[at + 1]) && Syntax.isDigit(bytes[at + 2]);
    }

    /** The beginning of a line, which has no control characters. */
    private static String shown(byte[] bytes, int start, int end) {
        return new String(bytes, start, Math.min(SHOWN, end - start), US_ASCII);
    }

    /** The framing of the body by RFC 9112, 6.3, without the repairs that it allows. */
    BodySource source(Head head, String method) throws IOException {
        BodySource source = announced(head);
        return method.equals("HEAD") || !Status.allowsBody(head.status()) ? BodySource.NONE : source;
    }

    /** The framing that the head declares, even if the response must have no body. */
    private BodySource announced(Head head) throws IOException {
        Headers headers = head.headers();
        boolean coded = headers.contains("Transfer-Encoding");
        if (coded && headers.contains("Content-Length")) {
            throw ResponseException.malformed(
                    "Malformed response: expected Content-Length or Transfer-Encoding but there are both");
        }
        if (coded) {
            requireChunkedOnce(head);
            return new ChunkedBody(lines, budget, limits);
        }
        if (!headers.contains("Content-Length")) {
            return new CloseDelimitedBody(budget);
        }
        long length = length(headers);
        return length == 0 ? BodySource.NONE : new FixedBody(budget, length);
    }

    private static void requireChunkedOnce(Head head) throws IOException {
        if (!head.http11()) {
            throw ResponseException.malformed("Malformed response: expected no Transfer-Encoding in HTTP/1.0");
        }
        if (head.headers().all("Transfer-Encoding").size() != 1) {
            throw ResponseException.malformed(
                    "Malformed response: expected one header Transfer-Encoding but there are several");
        }
        MessageFraming.requireChunked(head.headers(), true);
    }

    private static long length(Headers headers) throws IOException {
        int first = headers.indexOf("Content-Length", 0);
        String value = headers.value(first);
        if (headers.indexOf("Content-Length", first + 1) < 0 && value.indexOf(',') < 0) {
            return MessageFraming.contentLength(value);
        }
        // Leniency.REPEATED_LENGTH
        List<String> lengths =
                headers.elements("Content-Length").stream().distinct().toList();
        if (lengths.size() > 1) {
            throw ResponseException.malformed(
                    "Malformed response: expected one Content-Length but there are several: " + lengths);
        }
        return MessageFraming.contentLength(lengths.isEmpty() ? "" : lengths.getFirst());
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
