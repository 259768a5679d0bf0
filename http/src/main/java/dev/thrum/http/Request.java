package dev.thrum.http;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A request that came in (RFC 9110, section 3.4). Owned by the handler's thread. */
public final class Request {
    private static final int LONGEST_ID = 128;

    private final Head head;
    private final Body body;
    private final TrustedProxies proxies;
    private final @Nullable Connection connection;
    private final String ids;
    private final long number;
    private final ExchangeScope scope = new ExchangeScope();

    // Set by the router, on the handler's thread.
    private String route = "";
    private Map<String, String> pathParameters = Map.of();

    // Made when it is first asked for.
    private @Nullable Map<String, List<String>> parameters;

    /**
     * What stands before the body.
     *
     * @param http11 HTTP/1.1, not 1.0
     * @param keepAlive whether the client will send another request if it may
     */
    record Head(String method, Target target, Headers headers, boolean http11, boolean keepAlive) {}

    /** The one of this number among those whose ids begin like this. */
    Request(Head head, Body body, TrustedProxies proxies, @Nullable Connection connection, String ids, long number) {
        this.head = head;
        this.body = body;
        this.proxies = proxies;
        this.connection = connection;
        this.ids = ids;
        this.number = number;
    }

    /** A request that came over no connection, to try a handler with. */
    public static Request of(String method, String target, Headers headers, byte[] content) {
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        Head head = new Head(method, Target.parse(method, bytes, 0, bytes.length), headers, true, true);
        Body body = new Body(new BytesBody(content.clone()));
        return new Request(head, body, TrustedProxies.none(), null, "", 0);
    }

    Head head() {
        return head;
    }

    /** The method, as sent: upper case for those that are standard. */
    public String method() {
        return head.method();
    }

    /** The path, as sent, percent-encoded; {@code *} for {@code OPTIONS *}. */
    public String path() {
        return head.target().path();
    }

    /** The query, as sent, without the question mark. */
    public Optional<String> query() {
        return Optional.ofNullable(head.target().query());
    }

    /** The first value of a parameter of the query, decoded. */
    public Optional<String> parameter(String name) {
        return parameters(name).stream().findFirst();
    }

    /**
     * All values of a parameter of the query, decoded, in their order.
     *
     * @throws HttpException 400 if the query is not UTF-8
     */
    public List<String> parameters(String name) {
        if (parameters == null) {
            parameters = head.target().parameters();
        }
        return parameters.getOrDefault(name, List.of());
    }

    /** The part of the path that stands for {@code {name}} in its route, decoded. */
    public String pathParameter(String name) {
        return Objects.requireNonNull(
                pathParameters.get(name), () -> "expected a parameter of route " + route + " but was " + name);
    }

    /** Whether it is of HTTP/1.1 or above, and not of 1.0. */
    public boolean isHttp11() {
        return head.http11();
    }

    public Headers headers() {
        return head.headers();
    }

    /** The value of the first header field of this name. */
    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    /** Host and port that the client asked for: of the target, else of the field Host; empty in HTTP/1.0 without one. */
    public String authority() {
        String named = head.target().authority();
        return named != null ? named : head.headers().first("Host").orElse("");
    }

    public Body body() {
        return body;
    }

    /** The pattern of the route that serves it, such as {@code /users/{id}}; empty where there is none. */
    public String route() {
        return route;
    }

    /** Who is connected: the client, or the proxy it came through. */
    public InetSocketAddress peer() {
        return connection == null ? new InetSocketAddress(InetAddress.getLoopbackAddress(), 0) : connection.peer();
    }

    /** The client's address: what proxies say that are trusted, else the peer's. */
    public InetAddress client() {
        return proxies.client(peer().getAddress(), head.headers());
    }

    /**
     * What tells it from all other requests, in logs here and elsewhere: what a trusted proxy has put into
     * {@code X-Request-Id}, else one that was made. It has letters, digits and {@code -._~:+/=@}, and at most 128 of them.
     */
    public String id() {
        if (connection == null || !proxies.isTrusted(peer().getAddress())) {
            return ids + number;
        }
        List<String> given = head.headers().all("X-Request-Id");
        return given.size() == 1 && isId(given.getFirst()) ? given.getFirst() : ids + number;
    }

    /** Whether it may stand in a log or a header field as it is. */
    static boolean isId(String text) {
        return !text.isEmpty()
                && text.length() <= LONGEST_ID
                && text.chars()
                        .allMatch(c -> (c >= '0' && c <= '9')
                                || (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || "-._~:+/=@".indexOf(c) >= 0);
    }

    /** The clock of the engine. */
    public Clock clock() {
        return connected().clock();
    }

    /** Runs a task that may block a thread for long, where that harms nobody. */
    public <T> T offload(Callable<T> task) throws Exception {
        return connection == null ? task.call() : connection.offload(task);
    }

    /** What is held for its answer. */
    ExchangeScope scope() {
        return scope;
    }

    void routed(String pattern, Map<String, String> parametersOfPath) {
        route = pattern;
        pathParameters = parametersOfPath;
    }

    private Connection connected() {
        return Objects.requireNonNull(connection, "expected a request that came over a connection");
    }

    @Override
    public String toString() {
        return method() + " " + path();
    }
}
