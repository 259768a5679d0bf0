package dev.thrum.http;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.TlsInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A request that a server received (RFC 9110, section 3.4).
 *
 * <p>Owned by the thread of the handler, up to the end of the exchange. That thread may lend it to a task that it
 * {@linkplain #offload offloads}, because it waits for the task. Strings and {@link Headers} are copies that may be
 * kept; the {@link #body} is read from the connection and ends with the exchange.
 *
 * <p>If the client disconnects, everything but the body stays usable.
 */
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

    // Null until the first use.
    private @Nullable Map<String, List<String>> parameters;

    /**
     * A request line and header fields. For servers.
     *
     * @param http11 HTTP/1.1 or above, not 1.0
     */
    public record Head(String method, Target target, Headers headers, boolean http11) {}

    /**
     * What lies below a request: a connection of HTTP/1, or whatever else carries requests. For servers. With it, a
     * {@link Head} and a {@link Body} over a {@link BodySource}, any framing of HTTP can supply requests to the same
     * handlers. All methods but {@link #wake} are called on the thread of the handler.
     */
    public interface Context {
        /** The peer of the connection: the client, or the proxy in front of the server. */
        InetSocketAddress peer();

        /** The address of the client, which a trusted proxy may have forwarded. */
        InetAddress client(Headers headers);

        /** What was agreed on with the peer, if its connection is encrypted. */
        Optional<TlsInfo> tls();

        /** See {@link Request#isSecure}. */
        boolean isSecure(Headers headers);

        /** See {@link Request#id}. */
        String id(long number, Headers headers);

        /** The clock of the engine. */
        Clock clock();

        /** Runs a blocking or long task where it delays no other connection. */
        <T> T offload(Offload kind, Callable<T> task) throws Exception;

        /** See {@link Request#await}. */
        Wakeup await(Duration patience) throws IOException;

        /** See {@link Request#wake}. Any thread may call it. */
        void wake();
    }

    /** What has ended a {@link Request#await}. */
    public enum Wakeup {
        /** The time has passed. */
        TIME,
        /** Another thread has called {@link Request#wake}. */
        WOKEN,
        /**
         * The client has gone: it has reset the connection or ended its side of it. A client that has only ended its side
         * may still read, but most have left.
         */
        CLIENT_GONE,
        /** The server drains: the response should end soon, because at the deadline of the drain it is cut. */
        DRAINING
    }

    /** A request. For servers; number counts the requests of the connection, from 1. */
    public Request(Head head, Body body, Context context, long number) {
        this.head = head;
        this.body = body;
        this.context = context;
        this.number = number;
    }

    /**
     * A request without a connection, for tests of handlers. Its peer and client are the loopback address, {@link
     * #offload} runs tasks on the calling thread, and {@link #clock}, {@link #await} and {@link #wake} throw {@link
     * IllegalStateException}.
     *
     * @param target as in a request line, such as {@code /users?id=7}
     * @param content the body, which is copied
     * @throws HttpException 400 if the target is malformed
     */
    public static Request of(String method, String target, Headers headers, byte[] content) {
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        Head head = new Head(method, Target.parse(method, bytes, 0, bytes.length), headers, true);
        Body body = new Body(new BytesBody(content.clone()));
        return new Request(head, body, Unconnected.CONTEXT, 0);
    }

    /** The request line and header fields. For servers. */
    public Head head() {
        return head;
    }

    /** The method as sent. It is case-sensitive; standard methods are in upper case (RFC 9110, 9.1). */
    public String method() {
        return head.method();
    }

    /** The path as sent, percent-encoded; {@code *} for {@code OPTIONS *}. */
    public String path() {
        return head.target().path();
    }

    /** The query as sent, percent-encoded, without the question mark. */
    public Optional<String> query() {
        return Optional.ofNullable(head.target().query());
    }

    /**
     * The first value of a parameter of the query, decoded; empty if there is none.
     *
     * @throws HttpException 400 if the query is not UTF-8
     */
    public Optional<String> parameter(String name) {
        return parameters(name).stream().findFirst();
    }

    /**
     * All values of a parameter of the query, decoded, in the order of the query; empty if there is none.
     *
     * @throws HttpException 400 if the query is not UTF-8
     */
    public List<String> parameters(String name) {
        if (parameters == null) {
            parameters = head.target().parameters();
        }
        return parameters.getOrDefault(name, List.of());
    }

    /**
     * The part of the path that matched {@code {name}} in the route, decoded.
     *
     * @throws NullPointerException if the route has no parameter of this name: an error of the handler
     */
    public String pathParameter(String name) {
        return Objects.requireNonNull(
                pathParameters.get(name), () -> "expected a parameter of route " + route + " but was " + name);
    }

    /** Whether the request is HTTP/1.1 or a higher minor version, not 1.0. */
    public boolean isHttp11() {
        return head.http11();
    }

    /** The header fields. */
    public Headers headers() {
        return head.headers();
    }

    /** The value of the first header field of this name, in any case; empty if there is none. */
    public Optional<String> header(String name) {
        return head.headers().first(name);
    }

    /**
     * The host and port that the client requested: from the target, else from the field {@code Host}; empty in HTTP/1.0
     * if there is neither. The client chooses it: see {@code HostCheck}.
     */
    public String authority() {
        String named = head.target().authority();
        return named != null ? named : head.headers().first("Host").orElse("");
    }

    /** The body; empty if the request has none. Always the same instance. */
    public Body body() {
        return body;
    }

    /** The pattern of the route that serves it, such as {@code /users/{id}}; empty if no router has found one. */
    public String route() {
        return route;
    }

    /** The peer of the connection: the client, or the proxy in front of the server. */
    public InetSocketAddress peer() {
        return context.peer();
    }

    /** The address of the client: the one that trusted proxies have forwarded, else the address of the peer. */
    public InetAddress client() {
        return context.client(head.headers());
    }

    /**
     * Whether the client's connection is encrypted, so that its URLs begin with {@code https://}: to this server, or to a
     * trusted proxy that says so.
     */
    public boolean isSecure() {
        return context.isSecure(head.headers());
    }

    /**
     * What was agreed on with the peer, such as the certificate that it has shown; empty if its connection is not encrypted,
     * even if that of the client to a proxy is.
     */
    public Optional<TlsInfo> tls() {
        return context.tls();
    }

    /**
     * Identifies the request in logs, on this server and others: the {@code X-Request-Id} that a trusted proxy has set,
     * else an id that the server made. It has at most 128 characters: letters, digits and {@code -._~:+/=@}.
     */
    public String id() {
        return context.id(number, head.headers());
    }

    /** Whether this text may be the id of a request: from 1 to 128 characters, all safe in logs and header fields. */
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

    /**
     * Runs a long computation where it delays no other connection, as {@link Offload#COMPUTE}; see {@link
     * #offload(Offload, Callable)}.
     */
    public <T> T offload(Callable<T> task) throws Exception {
        return offload(Offload.COMPUTE, task);
    }

    /**
     * Runs a blocking or long task where it delays no other connection, and waits for its result. On engines {@code
     * events} and {@code virtual} a thread of the small pool for this kind runs it; on {@code threads} the calling
     * thread does.
     *
     * <p>The task may use this request and its body. It may offload again: a nested task runs on the same thread.
     *
     * @return the result of the task
     * @throws HttpException 503 if too many tasks of this kind wait already
     * @throws InterruptedException if the calling thread was interrupted while it waited; the task is interrupted too,
     *     and may still run for a while
     * @throws Exception as the task
     */
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        return context.offload(kind, task);
    }

    /**
     * Waits for this time, or until something happens that a handler should know which does not read: while it streams a
     * response, or before it responds (long polling).
     *
     * <pre>
     * Response.stream(200, "text/event-stream", out -&gt; {
     *     while (request.await(Duration.ofSeconds(1)) == Wakeup.TIME) {
     *         out.write(event());
     *         out.flush();
     *     }
     * });
     * </pre>
     *
     * <p>{@code CLIENT_GONE} and {@code DRAINING} stay: every later wait returns at once, so a loop must end on them. If
     * both hold, the result is {@code CLIENT_GONE}. {@code WOKEN} is only a hint: look whether there is what you wait for.
     *
     * <p>No deadline bounds the wait. What the client sends meanwhile, such as its next request, does not end it; after 64
     * KiB of that the end of the client may be found late, by the next write. Flush before you wait: bytes that are
     * gathered for the next chunk are not sent.
     *
     * @param patience zero or less checks without waiting
     * @throws IOException if the connection was closed on this side: at the deadline of a drain, for example
     * @throws IllegalStateException for a request without a connection ({@link #of})
     */
    public Wakeup await(Duration patience) throws IOException {
        return context.await(patience);
    }

    /**
     * Wakes the handler: its current or next {@link #await} returns {@link Wakeup#WOKEN}. Any thread may call it, for
     * example after it has put a message into a queue that the handler empties. Several calls may wake it once. After the
     * end of the exchange it has no effect, or wakes a later exchange of the connection for nothing.
     */
    public void wake() {
        context.wake();
    }

    /** The resources that are released when the exchange ends. */
    public ExchangeScope scope() {
        return scope;
    }

    /**
     * Sets the route that serves it. For routers, on the thread of the handler. A nested router replaces the route of
     * the outer one.
     */
    public void routed(String pattern, Map<String, String> parametersOfPath) {
        route = pattern;
        pathParameters = parametersOfPath;
    }

    /** The context of a request without a connection. */
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
        public Optional<TlsInfo> tls() {
            return Optional.empty();
        }

        @Override
        public boolean isSecure(Headers headers) {
            return false;
        }

        @Override
        public String id(long number, Headers headers) {
            return Long.toString(number);
        }

        @Override
        public Clock clock() {
            throw unconnected();
        }

        @Override
        public Wakeup await(Duration patience) {
            throw unconnected();
        }

        @Override
        public void wake() {
            throw unconnected();
        }

        private static IllegalStateException unconnected() {
            return new IllegalStateException("expected a request from a connection but it was made by Request.of");
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
