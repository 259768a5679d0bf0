package dev.thrum.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response.Content;
import dev.thrum.http.Target;
import dev.thrum.http.syntax.Syntax;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent: a method, a URI, header fields and perhaps a body. Immutable, except that a body which is a
 * stream can be sent once only.
 *
 * <p>Where it goes and how its body is framed follow from the rest; fields that say so are refused.
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
    /** RFC 9110, 9.2.2: to send one of these twice does what sending it once does. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
    /** Of these a server expects a body, so that none is said to be one of no bytes (RFC 9110, 8.6). */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final String method;
    private final URI uri;
    private final Origin origin;
    private final String target;
    private final Headers headers;
    private final @Nullable Content content;

    private ClientRequest(ClientRequest other, Headers headers, @Nullable Content content) {
        this.method = other.method;
        this.uri = other.uri;
        this.origin = other.origin;
        this.target = other.target;
        this.headers = headers;
        this.content = content;
    }

    private ClientRequest(String method, URI uri) {
        this.method = method;
        this.uri = uri;
        this.origin = Origin.of(uri);
        this.target = target(method, uri);
        this.headers = Headers.none();
        this.content = null;
    }

    /**
     * A request without a body.
     *
     * @throws IllegalArgumentException if the method is no token or is CONNECT; if the URI does not begin with http://, or
     *     has no host, or has user information
     * @throws UnsupportedOperationException if it begins with https://
     */
    public static ClientRequest of(String method, URI uri) {
        if (!Syntax.isToken(method) || method.equals("CONNECT")) {
            throw new IllegalArgumentException(
                    "expected a method of letters, digits and !#$%&'*+-.^_`|~ that is not CONNECT");
        }
        return new ClientRequest(method, uri);
    }

    public static ClientRequest get(URI uri) {
        return of("GET", uri);
    }

    public static ClientRequest head(URI uri) {
        return of("HEAD", uri);
    }

    /** A POST with these bytes as its body, which are copied. */
    public static ClientRequest post(URI uri, String contentType, byte[] body) {
        return of("POST", uri).with("Content-Type", contentType).withBody(body);
    }

    /** The same with this field instead of all others of its name. */
    public ClientRequest with(String name, String value) {
        requireNotOurs(name);
        return new ClientRequest(this, headers.with(name, value), content);
    }

    /** The same with this field besides others of its name. */
    public ClientRequest and(String name, String value) {
        requireNotOurs(name);
        return new ClientRequest(this, headers.and(name, value), content);
    }

    /** The same with these fields besides. */
    public ClientRequest and(Headers others) {
        others.forEach(field -> requireNotOurs(field.name()));
        return new ClientRequest(this, headers.and(others), content);
    }

    /** The same with these bytes as its body, which are copied. */
    public ClientRequest withBody(byte[] body) {
        return new ClientRequest(this, headers, new Content.Bytes(body.clone()));
    }

    /** The same with what this stream has as its body, in chunks. */
    public ClientRequest withBody(InputStream body) {
        return new ClientRequest(this, headers, new Content.Stream(BodySource.UNKNOWN, body::transferTo));
    }

    /** The same with what this stream has as its body, which must be so many bytes. */
    public ClientRequest withBody(InputStream body, long length) {
        if (length < 0) {
            throw new IllegalArgumentException("expected a length of at least 0 but was " + length);
        }
        return new ClientRequest(this, headers, new Content.Stream(length, body::transferTo));
    }

    private static void requireNotOurs(String name) {
        if (OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("expected no field " + name + ": the client sets it by itself");
        }
    }

    /** RFC 9112, 3.2.1 and 3.2.4; without the fragment, which is the client's own. */
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

    public String method() {
        return method;
    }

    public URI uri() {
        return uri;
    }

    public Headers headers() {
        return headers;
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

    /** Whether a body is said to be empty where there is none. */
    boolean expectsBody() {
        return WITH_BODY.contains(method);
    }

    /** Whether it does no harm to send it again when nobody knows whether it arrived. */
    boolean mayBeSentAgain() {
        return IDEMPOTENT.contains(method) && !(content instanceof Content.Stream);
    }

    /** Without the query, which may hold what is nobody's business. */
    @Override
    public String toString() {
        return method + " http://" + origin + uri.getRawPath();
    }
}
