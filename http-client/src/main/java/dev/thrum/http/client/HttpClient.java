package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Outbound;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A client of HTTP/1.1, over connections of an engine: plain ones for http, encrypted ones for https. It is blocking code: call it in handlers of the engine, and on
 * threads of your own. Safe for concurrent use.
 *
 * <p>It follows no redirects (see {@link Redirects}), keeps no cookies and caches nothing. Connections are kept alive and reused, the most
 * recently used one first; see {@link HttpClientConfig.Idle}. There is no limit to the number of open connections: each
 * concurrent exchange has one.
 *
 * <p>A thread that is interrupted in {@link #send}, or while it reads a body, gets an {@link IOException} and stays
 * interrupted; its connection is reset.
 */
public final class HttpClient implements AutoCloseable {
    private final Engine engine;
    private final HttpClientConfig config;
    private final IdleConnections idle;

    private HttpClient(Engine engine, HttpClientConfig config) {
        this.engine = engine;
        this.config = config;
        this.idle = new IdleConnections(engine.clock(), config.idle());
    }

    /** A client. The engine must be closed after it: closing the engine ends all connections. */
    public static HttpClient over(Engine engine, HttpClientConfig config) {
        return new HttpClient(engine, config);
    }

    /**
     * Sends a request and waits for the head of its response. The response must be read to its end or closed, which
     * returns its connection. All of the exchange runs on the calling thread, the stream of a body too.
     *
     * <p>When the request arrives, the server may have ended a kept connection already (RFC 9112, 9.3.1). If no byte of
     * a response arrived on it, an idempotent request whose body is not a stream is sent once more, on a new connection
     * (RFC 9110, 9.2.2). Any other fails with {@link Kind#NOTHING}, and the caller decides. A server may respond before
     * it has read the whole body; then the rest is not sent, and the connection is not reused.
     *
     * <p>A handler may send a request while it handles one. If its own client disconnects, that does not end the call.
     *
     * @throws ResponseException if there was no response, or one that is incomplete, malformed or too large
     * @throws dev.thrum.engine.DeadlineException if connecting, the head of the response or the exchange takes too long
     * @throws java.net.UnknownHostException if the host has no address
     * @throws dev.thrum.engine.AddressRefusedException if the configuration's rule refuses its addresses
     * @throws javax.net.ssl.SSLException if the handshake of an https connection fails; if the certificate was refused, the
     *     message says why
     * @throws IOException if the connection failed or the body of the request could not be read
     * @throws IllegalStateException if the client was closed
     */
    public ClientResponse send(ClientRequest request) throws IOException {
        RequestOptions options = request.options();
        Exchange exchange = new Exchange(engine.clock(), totalOf(request), options.limitsOr(config.limits()));
        Optional<ClientConnection> kept = idle.take(request.origin());
        if (kept.isEmpty()) {
            return open(request.origin(), exchange).exchange(request, exchange);
        }
        try {
            return kept.get().exchange(request, exchange);
        } catch (ResponseException e) {
            if (e.kind() != Kind.NOTHING
                    || !request.mayBeSentAgain()
                    || Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
        return open(request.origin(), exchange).exchange(request, exchange);
    }

    private ClientConnection open(Origin origin, Exchange exchange) throws IOException {
        Duration left = exchange.left();
        Duration time = left.compareTo(config.connect()) < 0 ? left : config.connect();
        return new ClientConnection(origin, engine.connect(address(origin), outbound(origin), time), config, idle);
    }

    private Outbound outbound(Origin origin) {
        Outbound outbound = Outbound.plain().with(config.addresses());
        return origin.secure() ? outbound.with(config.tls().forHost(bare(origin))) : outbound;
    }

    /** Not looked up yet: the engine does that within the deadline, without holding a loop. */
    private static InetSocketAddress address(Origin origin) {
        return InetSocketAddress.createUnresolved(bare(origin), origin.port());
    }

    /** The host of an origin without the brackets of an IPv6 address. */
    private static String bare(Origin origin) {
        String host = origin.host();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    Clock clock() {
        return engine.clock();
    }

    /** How long the exchange of this request may take. */
    Duration totalOf(ClientRequest request) {
        return request.options().totalOr(config.total());
    }

    /** The number of connections that wait for a next request. */
    int idleConnections() {
        return idle.size();
    }

    /**
     * Closes idle connections at once, and the others when their responses were read. Further requests fail.
     * Idempotent.
     */
    @Override
    public void close() {
        idle.close();
    }
}
