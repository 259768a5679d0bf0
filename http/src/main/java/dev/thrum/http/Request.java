package dev.thrum.http;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
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
    private final Context context;
    private final long number;
    private final ExchangeScope scope = new ExchangeScope();

    // Set by the router, on the handler's thread.
    private String route = "";
    private Map<String, String> pathParameters = Map.of();

    // Decoded at the first use.
    private @Nullable Map<String, List<String>> parameters;

    /**
     * A request line and header fields. For servers.
     *
     * @param http11 HTTP/1.1, not 1.0
     * @param keepAlive whether the client allows another request on this connection
     */
    public record Head(String method, Target target, Headers headers, boolean http11, boolean keepAlive) {}

    /** The connection that requests come over. For servers; all methods are called on the handler's thread. */
    public interface Context {
        /** The peer of the connection: the client, or the proxy in front of it. */
        InetSocketAddress peer();

        /** The client's address, which a trusted proxy may have forwarded. */
        InetAddress client(Headers headers);

        /** See {@link Request#id}. */
        String id(long number, Headers headers);

        /** The clock of the engine. */
        Clock clock();

        /** Runs a blocking or long task where it delays no other connection. */
        <T> T offload(Offload kind, Callable<T> task) throws Exception;
    }

    /** The request of this number on its connection. For servers. */
    public Request(Head head, Body body, Context context, long number) {
        this.head = head;
        this.body = body;
        this.context = context;
        this.number = number;
    }

    /** A request that came over no connection, to try a handler with. */
    public static Request of(String method, String target, Headers headers, byte[] content) {
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        Head head = new Head(method, Target.parse(method, bytes, 0, bytes.length), headers, true, true);
        Body body = new Body(new BytesBody(content.clone()));
        return new Request(head, body, Unconnected.CONTEXT, 0);
    }

    /** For servers. */
    public Head head() {
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

    /** The peer of the connection: the client, or the proxy in front of it. */
    public InetSocketAddress peer() {
        return context.peer();
    }

    /** The client's address: the one that trusted proxies have forwarded, else the peer's. */
    public InetAddress client() {
        return context.client(head.headers());
    }

    /**
     * Identifies the request in logs, here and elsewhere: the {@code X-Request-Id} that a trusted proxy has set, else one that the
     * server made. It has at most 128 characters: letters, digits and {@code -._~:+/=@}.
     */
    public String id() {
        return context.id(number, head.headers());
    }

    /** Whether this text may be a request's id: short enough, and harmless in logs and header fields. */
    public static boolean isId(String text) {
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
        return context.clock();
    }

    /** Like {@link #offload(Offload, Callable)}, as {@link Offload#COMPUTE}: for long computations. */
    public <T> T offload(Callable<T> task) throws Exception {
        return offload(Offload.COMPUTE, task);
    }

    /**
     * Runs a blocking or long task where it delays no other connection, and waits for its result.
     *
     * @throws HttpException 503 if too many tasks of this kind wait already
     * @throws Exception what the task throws
     */
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return context.offload(kind, task);
    }

    /** Resources that are released when the exchange ends. */
    public ExchangeScope scope() {
        return scope;
    }

    /** Sets the route that serves it. For routers; called on the handler's thread. */
    public void routed(String pattern, Map<String, String> parametersOfPath) {
        route = pattern;
        pathParameters = parametersOfPath;
    }

    /** The context of a request that came over no connection. */
    private enum Unconnected implements Context {
        CONTEXT;

        @Override
        public InetSocketAddress peer() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public InetAddress client(Headers headers) {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public String id(long number, Headers headers) {
            return Long.toString(number);
        }

        @Override
        public Clock clock() {
            throw new IllegalStateException(
                    "expected a request that came over a connection but it was made by Request.of");
        }

        @Override
        public <T> T offload(Offload kind, Callable<T> task) throws Exception {
            return task.call();
        }
    }

    @Override
    public String toString() {
        return method() + " " + path();
    }
}
