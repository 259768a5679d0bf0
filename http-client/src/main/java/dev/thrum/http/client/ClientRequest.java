package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.base.DurationText;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.Response.Content;
import dev.thrum.http.Target;
import dev.thrum.http.client.url.Url;
import dev.thrum.http.syntax.Syntax;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request of a client: a method, a URI, header fields and optionally a body. Immutable; it may be sent any number of
 * times, by several threads at once, unless its body is a stream, which can be sent only once.
 *
 * <p>The client sets {@code Host}, the framing of the body and {@code Connection}. The methods that take header fields
 * throw {@link IllegalArgumentException} for {@code Host}, {@code Content-Length}, {@code Transfer-Encoding}, {@code
 * Connection}, {@code Proxy-Connection}, {@code Keep-Alive}, {@code Trailer}, {@code Upgrade}, {@code TE} and {@code
 * Expect}.
 */
public final class ClientRequest {
    private static final Set<String> OURS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "proxy-connection",
            "keep-alive",
            "trailer",
            "upgrade",
            "te",
            "expect");
    /** Idempotent methods: sending one twice has the same effect as sending it once (RFC 9110, 9.2.2). */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
    /** Methods whose requests have a body: without one, {@code Content-Length: 0} is sent (RFC 9110, 8.6). */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final String method;
    /** The whole URL, for redirects. */
    private final String location;

    /** The same if the request was made of it; parsing it again costs more than the rest of a request. */
    private final @Nullable Url url;

    private final Origin origin;
    private final String target;
    private final Headers headers;
    private final @Nullable Content content;
    private final RequestOptions options;

    private ClientRequest(ClientRequest other, Headers headers, @Nullable Content content, RequestOptions options) {
        this.method = other.method;
        this.location = other.location;
        this.url = other.url;
        this.origin = other.origin;
        this.target = other.target;
        this.headers = headers;
        this.content = content;
        this.options = options;
    }

    private ClientRequest(String method, Origin origin, String target, String location, @Nullable Url url) {
        this.method = method;
        this.location = location;
        this.url = url;
        this.origin = origin;
        this.target = target;
        this.headers = Headers.none();
        this.content = null;
        this.options = RequestOptions.NONE;
    }

    /**
     * A request without a body. The fragment of the URI is not sent.
     *
     * @throws IllegalArgumentException if the method is not a token or is CONNECT; if the URI does not begin with http://
     *     or https://, has no host, has user information, or has a path or query that can't be sent
     */
    public static ClientRequest of(String method, URI uri) {
        requireMethod(method);
        return new ClientRequest(method, Origin.of(uri), target(method, uri), uri.toASCIIString(), null);
    }

    /**
     * A request without a body, to a URL as browsers read it. Its fragment and its user information are not sent.
     *
     * @throws IllegalArgumentException if the method is not a token or is CONNECT, or the port is 0
     */
    public static ClientRequest of(String method, Url url) {
        requireMethod(method);
        return new ClientRequest(method, Origin.of(url), url.requestTarget(), url.href(), url);
    }

    private static void requireMethod(String method) {
        if (!Syntax.isToken(method) || method.equals("CONNECT")) {
            throw new IllegalArgumentException(
                    "expected a method of letters, digits and !#$%&'*+-.^_`|~ that is not CONNECT");
        }
    }

    /** A GET request; throws as {@link #of(String, Url)}. */
    public static ClientRequest get(Url url) {
        return of("GET", url);
    }

    /** A GET request; throws as {@link #of(String, URI)}. */
    public static ClientRequest get(URI uri) {
        return of("GET", uri);
    }

    /** A HEAD request; throws as {@link #of(String, URI)}. */
    public static ClientRequest head(URI uri) {
        return of("HEAD", uri);
    }

    /** A POST request with a copy of these bytes as its body; throws as {@link #of(String, URI)} and {@link #with}. */
    public static ClientRequest post(URI uri, String contentType, byte[] body) {
        return of("POST", uri).with("Content-Type", contentType).withBody(body);
    }

    /**
     * This request with the given field in place of all others of its name.
     *
     * @throws IllegalArgumentException as {@link Headers#of}, or if the client sets the field
     */
    public ClientRequest with(String name, String value) {
        requireNotOurs(name);
        return new ClientRequest(this, headers.with(name, value), content, options);
    }

    /**
     * This request with the given field added; other fields of its name stay.
     *
     * @throws IllegalArgumentException as {@link Headers#of}, or if the client sets the field
     */
    public ClientRequest and(String name, String value) {
        requireNotOurs(name);
        return new ClientRequest(this, headers.and(name, value), content, options);
    }

    /**
     * This request with the given fields added; other fields of their names stay.
     *
     * @throws IllegalArgumentException if the client sets one of the fields
     */
    public ClientRequest and(Headers others) {
        others.forEach(field -> requireNotOurs(field.name()));
        return new ClientRequest(this, headers.and(others), content, options);
    }

    /** This request with a copy of these bytes as its body. */
    public ClientRequest withBody(byte[] body) {
        return new ClientRequest(this, headers, new Content.Bytes(body.clone()), options);
    }

    /**
     * This request with the bytes of a stream as its body, sent in chunks (RFC 9112, 7.1). The stream is read by {@link
     * HttpClient#send}, on its thread, while it sends; it is not closed, and may be read only in part if the server
     * responds early. If reading it fails, the connection is reset and {@code send} throws the stream's exception. The
     * request can be sent only once.
     */
    public ClientRequest withBody(InputStream body) {
        return new ClientRequest(this, headers, new Content.Stream(BodySource.UNKNOWN, body::transferTo), options);
    }

    /**
     * This request with the bytes of a stream as its body, with {@code Content-Length}; otherwise like {@link
     * #withBody(InputStream)}.
     *
     * @param length the number of bytes that the stream has; if it has more or fewer, {@link HttpClient#send} throws
     *     {@link IllegalStateException} and the connection is reset
     */
    public ClientRequest withBody(InputStream body, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("expected a length of at least 0 but was " + length);
        }
        return new ClientRequest(this, headers, new Content.Stream(length, body::transferTo), options);
    }

    /**
     * This request with limits of its own, in place of those of its client: the sizes of its response, the body both as
     * received and decoded, and the pace of the server.
     */
    public ClientRequest withLimits(HttpLimits limits) {
        return new ClientRequest(this, headers, content, options.withLimits(limits));
    }

    /**
     * This request with a deadline of its own for the whole exchange, in place of that of its client: from {@link
     * HttpClient#send} to the end of the body. No read waits longer than up to it.
     *
     * @param total above zero
     */
    public ClientRequest withDeadline(Duration total) {
        if (total.isNegative() || total.isZero()) {
            throw new IllegalArgumentException("expected a deadline above zero but was " + DurationText.of(total));
        }
        return new ClientRequest(this, headers, content, options.withTotal(total));
    }

    /** This request, of whose exchange the bytes are also passed on as they are sent and received. */
    public ClientRequest withRaw(RawExchange raw) {
        return new ClientRequest(this, headers, content, options.withRaw(raw));
    }

    /**
     * This request with a rule for which responses are decoded, in place of that of its client. So a request with {@code
     * Range} or {@code Accept-Encoding} of its own can have the codings undone that a server has applied nevertheless.
     */
    public ClientRequest withDecoding(Decoding rule) {
        return new ClientRequest(this, headers, content, options.withDecoding(rule));
    }

    /** Decides whether the codings of a body are undone while it is read, once its head has arrived. */
    @FunctionalInterface
    public interface Decoding {
        /**
         * Whether to undo them, if all of them are known.
         *
         * @param headers with {@code Content-Encoding}
         */
        boolean applies(int status, Headers headers);
    }

    /**
     * This request to another URL.
     *
     * @param asGet as GET without a body
     * @param without the names of fields that it no longer has
     */
    ClientRequest redirected(Url url, boolean asGet, Collection<String> without) {
        Headers left = headers;
        for (String name : without) {
            left = left.without(name);
        }
        return new ClientRequest(of(asGet ? "GET" : method, url), left, asGet ? null : content, options);
    }

    private static void requireNotOurs(String name) {
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("expected no field " + name + ": the client sets it itself");
        }
    }

    /** The target in origin form, or {@code *} (RFC 9112, 3.2.1 and 3.2.4), without the fragment. */
    private static String target(String method, URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null ? "" : ascii.getRawPath();
        String query = ascii.getRawQuery();
        if (method.equals("OPTIONS") && path.isEmpty() && query == null) {
            return "*";
        }
        String target = (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        byte[] bytes = target.getBytes(ISO_8859_1);
        try {
            var _ = Target.parse(method, bytes, 0, bytes.length);
        } catch (HttpException e) {
            throw new IllegalArgumentException("expected a URI whose path and query can be sent: " + e.message(), e);
        }
        return target;
    }

    /** The method, as given. */
    public String method() {
        return method;
    }

    /**
     * The URL, with its fragment.
     *
     * @throws dev.thrum.http.client.url.UrlException if it was a URI that browsers refuse
     */
    Url url() {
        return url == null ? Url.parse(location) : url;
    }

    /** The header fields, without those that the client sets. */
    public Headers headers() {
        return headers;
    }

    RequestOptions options() {
        return options;
    }

    Origin origin() {
        return origin;
    }

    String target() {
        return target;
    }

    /** The body; null if there is none. */
    @Nullable
    Content content() {
        return content;
    }

    /** Whether the method expects a body, so that a missing one is declared as empty. */
    boolean expectsBody() {
        return WITH_BODY.contains(method);
    }

    /** Whether its body, if it has one, can be sent once more. */
    boolean isRepeatable() {
        return !(content instanceof Content.Stream);
    }

    /** Whether it does no harm to send it again if it may have arrived. */
    boolean mayBeSentAgain() {
        return IDEMPOTENT.contains(method) && isRepeatable();
    }

    /** Method and URL without the query, which may hold secrets. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        return method + " " + origin + (path.equals("*") ? "" : path);
    }
}
