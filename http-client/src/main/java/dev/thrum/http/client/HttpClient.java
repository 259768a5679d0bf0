package dev.thrum.http.client;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.http.client.ResponseException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * HTTP/1.1 with servers, over connections of an engine: blocking code that runs inside its handlers and on threads of
 * your own. Safe for concurrent use.
 *
 * <p>It follows no redirects, keeps no cookies and caches nothing: what an answer means is its caller's business.
 */
public final class HttpClient implements AutoCloseable {
    private final Clock clock;
    private final Dialer dialer;
    private final HttpClientConfig config;
    private final IdleConnections idle;

    HttpClient(Clock clock, Dialer dialer, HttpClientConfig config) {
        this.clock = clock;
        this.dialer = dialer;
        this.config = config;
        this.idle = new IdleConnections(clock, config.idle());
    }

    /** A client; the engine outlives it. */
    public static HttpClient over(Engine engine, HttpClientConfig config) {
        return new HttpClient(engine.clock(), Dialer.over(engine), config);
    }

    /**
     * Sends a request and waits for the head of its answer. The response must be read to its end or closed.
     *
     * <p>A kept connection may have been ended by the server when the request arrives (RFC 9112, 9.3.1). If nothing of an
     * answer came over it, an idempotent request without a body that is a stream is sent once more, over a new
     * connection; every other fails with {@link Kind#NOTHING}, and its caller decides.
     *
     * @throws ResponseException if what came is no answer, or none that the client accepts
     * @throws dev.thrum.engine.DeadlineException if connecting, the answer or the exchange takes too long
     * @throws java.net.UnknownHostException if the host has no address
     * @throws IllegalStateException if the client was closed
     */
    public ClientResponse send(ClientRequest request) throws IOException {
        Exchange exchange = new Exchange(clock, config.total());
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
        return new ClientConnection(origin, dialer.open(origin, time), config, idle);
    }

    /** How many connections wait for a next request. */
    int idleConnections() {
        return idle.size();
    }

    /** Closes the connections that are idle at once, and the others when their answers have been read. Idempotent. */
    @Override
    public void close() {
        idle.close();
    }
}
