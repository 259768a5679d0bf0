package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.Connection;
import dev.thrum.http.Body;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Request;
import dev.thrum.http.Target;
import dev.thrum.http.syntax.Authority;
import dev.thrum.http.syntax.Syntax;
import dev.thrum.http.wire.ChunkedBody;
import dev.thrum.http.wire.FixedBody;
import dev.thrum.http.wire.HeadLines;
import dev.thrum.http.wire.MessageFraming;
import dev.thrum.http.wire.ReadBudget;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request of a connection, strictly: if two recipients could see different messages in the same bytes, it
 * reports an error, and no further request is read (RFC 9112, section 11). Owned by the thread of the handler.
 */
final class RequestReader {
    /** The standard methods (RFC 9110, 9.3; RFC 5789), the most frequent first. */
    static final List<String> METHODS =
            List.of("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE");

    private static final String HTTP_1_1 = "HTTP/1.1";
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

    private final Connection connection;
    private final HttpConfig config;
    private final HttpLimits limits;
    private final ReadBudget budget;
    private final HeadLines lines;

    private final ConnectionContext context;

    /** The number of this request on its connection, from 1. */
    private final long number;

    /** Whether the client allows another request on this connection. */
    private boolean keepsAlive;

    /** The line of the request that is being read; null until it was parsed. */
    private @Nullable RequestLine begun;

    /** The header fields of the request that is being read, as far as they have arrived. */
    private Headers fields = Headers.none();

    RequestReader(Connection connection, HttpConfig config, long number) {
        this.number = number;
        this.connection = connection;
        this.config = config;
        this.limits = config.limits();
        this.budget = new ReadBudget(connection.reader(), connection.clock());
        this.lines = new HeadLines(connection.reader(), budget);
        this.context = ConnectionContext.of(connection, config);
    }

    /** The first line: method, target and version. */
    private record RequestLine(String method, Target target, boolean http11, boolean secure) {}

    /**
     * Reads the head of the request, whose first byte has arrived; its body is read later.
     *
     * @param mayBeEmpty whether an empty line may stand in its place
     * @return the request, or null if there was only an empty line, which is none
     * @throws HttpException if it is malformed: the connection can't be used any more
     */
    @Nullable
    Request read(boolean mayBeEmpty) throws IOException {
        budget.begin(limits.pace().head());
        lines.next(limits.requestLine(), RequestReader::tooLong);
        if (lines.isEmpty() && mayBeEmpty) {
            // Leniency.EMPTY_LINE_BEFORE_REQUEST
            return null;
        }
        RequestLine line = parsedLine();
        begun = line;
        Headers headers = lines.fields(limits);
        fields = headers;
        if (line.http11() || headers.contains("Host")) {
            requireHost(headers);
        }
        if (line.secure()
                && connection.tls().isEmpty()
                && !config.proxies().isTrusted(connection.peer().getAddress())) {
            // RFC 9110, 7.4: the target says https, but the connection is not encrypted.
            throw HttpException.of(
                    421, "Misdirected request: expected http:// but was https:// on a connection without TLS");
        }
        boolean expectsContinue = line.http11() && expectsContinue(headers);
        BodySource source = source(headers, line.http11());
        keepsAlive = MessageFraming.keepsAlive(headers, line.http11());
        Request.Head head = new Request.Head(line.method(), line.target(), headers, line.http11());
        return new Request(head, body(source, expectsContinue), context, number);
    }

    ConnectionContext context() {
        return context;
    }

    /** Whether the client allows another request on this connection (RFC 9112, 9.3). */
    boolean keepsAlive() {
        return keepsAlive;
    }

    /**
     * Parses the request line. If it is malformed, the fields after it still tell which format the client wants for the
     * error.
     */
    private RequestLine parsedLine() throws IOException {
        try {
            return requestLine();
        } catch (HttpException e) {
            fields = lines.fieldsHere(limits);
            throw e;
        }
    }

    /** The header fields of the request that {@link #read} has refused, as far as they have arrived. */
    Headers refusedFields() {
        return fields;
    }

    /** The id of the request that {@link #read} has refused. */
    String refusedId() {
        return context.ownId(number);
    }

    /** The refused request without its header fields and body; null if its request line was malformed. */
    @Nullable
    Request refused() {
        if (begun == null) {
            return null;
        }
        Request.Head head = new Request.Head(begun.method(), begun.target(), Headers.none(), begun.http11());
        return new Request(head, new Body(BodySource.NONE), context, number);
    }

    private Body body(BodySource source, boolean expectsContinue) {
        if (source.declared() == 0) {
            return new Body(source);
        }
        return new Body(source, limits.body(), expectsContinue, ask -> beginBody(expectsContinue && ask));
    }

    private void beginBody(boolean ask) throws IOException {
        if (ask) {
            connection.writer().write(CONTINUE);
        }
        budget.begin(limits.pace().pause(), limits.pace().bodyRate());
    }

    private RequestLine requestLine() throws IOException {
        byte[] bytes = lines.bytes();
        int first = Syntax.endOfToken(bytes, lines.start(), lines.end());
        int second = indexOfSpace(bytes, first + 1, lines.end());
        if (first == lines.start() || second >= lines.end() || bytes[first] != ' ') {
            throw HttpException.of(400, "Malformed request line: expected a method, a target and HTTP/1.1");
        }
        boolean http11 = isHttp11(bytes, second + 1, lines.end());
        String method = method(bytes, lines.start(), first);
        Target target = Target.parse(method, bytes, first + 1, second);
        return new RequestLine(
                method, target, http11, bytes[first + 1] != '/' && Target.isSecure(bytes, first + 1, second));
    }

    private static HttpException tooLong() {
        return HttpException.of(414, "Request line too long");
    }

    /** The index of the next space; {@code end} or more if there is none. */
    private static int indexOfSpace(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] != ' ') {
            at++;
        }
        return at;
    }

    private static String method(byte[] bytes, int start, int end) {
        for (String method : METHODS) {
            if (Syntax.equals(bytes, start, end, method)) {
                return method;
            }
        }
        return new String(bytes, start, end - start, ISO_8859_1);
    }

    private static boolean isHttp11(byte[] bytes, int start, int end) {
        if (Syntax.equals(bytes, start, end, HTTP_1_1)) {
            return true;
        }
        int digits = start + "HTTP/".length();
        boolean wellFormed = end - start == HTTP_1_1.length()
                && Syntax.equals(bytes, start, digits, "HTTP/")
                && Syntax.isDigit(bytes[digits])
                && bytes[digits + 1] == '.'
                && Syntax.isDigit(bytes[digits + 2]);
        if (!wellFormed) {
            throw HttpException.of(400, "Malformed request line: expected HTTP/1.1 or HTTP/1.0 at its end");
        }
        if (bytes[digits] != '1') {
            throw HttpException.of(505, "HTTP version not supported: expected HTTP/1.1 or HTTP/1.0");
        }
        // Leniency.HIGHER_MINOR_VERSION
        return bytes[digits + 2] != '0';
    }

    /** Requires exactly one valid {@code Host} (RFC 9112, 3.2). */
    private static void requireHost(Headers headers) {
        int host = headers.indexOf("Host", 0);
        if (host < 0 || headers.indexOf("Host", host + 1) >= 0) {
            throw HttpException.of(
                    400,
                    "Malformed request: expected one header Host but there are "
                            + headers.all("Host").size());
        }
        if (!Authority.isValid(headers.block(), headers.startOfValue(host), headers.endOfValue(host))) {
            throw HttpException.of(400, "Malformed header Host: expected a host and perhaps a port");
        }
    }

    /** The framing of the body by RFC 9112, 6.3, without the repairs that it allows. */
    private BodySource source(Headers headers, boolean http11) {
        boolean coded = headers.contains("Transfer-Encoding");
        int length = headers.indexOf("Content-Length", 0);
        if (!coded && length < 0) {
            return BodySource.NONE;
        }
        if (coded && length >= 0) {
            throw HttpException.of(
                    400, "Malformed request: expected Content-Length or Transfer-Encoding but there are both");
        }
        if (coded) {
            MessageFraming.requireChunked(headers, http11);
            return new ChunkedBody(lines, budget, limits);
        }
        if (headers.indexOf("Content-Length", length + 1) >= 0) {
            throw HttpException.of(400, "Malformed request: expected one header Content-Length but there are several");
        }
        long bytes = MessageFraming.contentLength(headers.value(length));
        return bytes == 0 ? BodySource.NONE : new FixedBody(budget, bytes);
    }

    private static boolean expectsContinue(Headers headers) {
        int expectation = headers.indexOf("Expect", 0);
        boolean several = expectation >= 0 && headers.indexOf("Expect", expectation + 1) >= 0;
        if (several || (expectation >= 0 && !headers.valueIs(expectation, "100-continue"))) {
            throw HttpException.of(417, "Expectation failed: expected 100-continue or none");
        }
        return expectation >= 0;
    }
}
