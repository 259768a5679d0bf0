package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.ExchangeHandler;
import dev.thrum.engine.Limits;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.Status;
import dev.thrum.http.syntax.HttpDate;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A server of HTTP/1.1 and 1.0, as the connection handler of an engine. Safe for concurrent use; one instance may serve
 * several addresses of an engine.
 *
 * <p>It serves the requests of each connection one after the other, each on the thread that the engine gives to the
 * connection for it; pipelined requests too, whose responses may share packets. Between two requests a connection needs no
 * thread ({@link ExchangeHandler}). A connection is kept alive unless the client
 * or the engine wants to end it, the request was malformed, or more than 64 KiB of its body are unread. If the server
 * drains, the exchange that is running ends normally, and then the connection.
 *
 * <p>If the client disconnects, the handler is not interrupted: its next read or write fails (see {@link HttpHandler}).
 */
public final class HttpServer implements ExchangeHandler {
    private final HttpHandler handler;
    private final Optional<HttpHandler> tunnels;
    private final HttpConfig config;
    private final HttpDate dates = new HttpDate();

    // The deadlines of the last connection, which most others have too: written and read by any thread.
    private volatile @Nullable Adapted adapted;

    /** The deadlines of a listener, and those of its connections between two requests. */
    private record Adapted(Limits.Deadlines given, Limits.Deadlines waiting) {}

    private HttpServer(HttpHandler handler, Optional<HttpHandler> tunnels, HttpConfig config) {
        this.handler = handler;
        this.tunnels = tunnels;
        this.config = config;
    }

    /**
     * A server that passes all requests to this handler; for {@link dev.thrum.engine.Engine#listen}. CONNECT is refused
     * with 501 before any handler, unless {@link #withTunnels} names one for it. For the wait between two requests, the
     * limits of the configuration replace those of the listener.
     */
    public static HttpServer over(HttpHandler handler, HttpConfig config) {
        return new HttpServer(handler, Optional.empty(), config);
    }

    /**
     * This server with a handler of its own for CONNECT, so that no other handler opens a tunnel by mistake (RFC 9110,
     * 9.3.6). It finds the host and port that the client wants to reach in {@link dev.thrum.http.Request#authority}, checks
     * that the client may, and responds with {@link Response#takeover(ConnectionHandler)}, or with a status from 300 up.
     */
    public HttpServer withTunnels(HttpHandler value) {
        return new HttpServer(handler, Optional.of(value), config);
    }

    /** Serves all requests on this thread; a client that asks for nothing more is no failure. */
    @Override
    public void handle(Connection connection) throws Exception {
        try {
            ExchangeHandler.super.handle(connection);
        } catch (DeadlineException e) {
            if (e.kind() != DeadlineException.Kind.IDLE) {
                throw e;
            }
        }
    }

    /** It neither reads, writes nor blocks. */
    @Override
    public Session begin(Connection connection) {
        Limits.Deadlines given = connection.deadlines();
        connection.deadlines(waiting(given));
        return new ServerSession(this, connection, given);
    }

    @Override
    public boolean clientSpeaksFirst() {
        return true;
    }

    private Limits.Deadlines waiting(Limits.Deadlines given) {
        Adapted last = adapted;
        if (last == null || !last.given().equals(given)) {
            last = new Adapted(given, given.withIdle(config.limits().pace().idle()));
            adapted = last;
        }
        return last.waiting();
    }

    HttpHandler handler() {
        return handler;
    }

    /** Handles CONNECT, if that is not refused. */
    Optional<HttpHandler> tunnels() {
        return tunnels;
    }

    HttpConfig config() {
        return config;
    }

    HttpDate dates() {
        return dates;
    }

    /**
     * The response to a client that is refused, without {@code Date}: the thread that accepts clients has no clock at
     * hand and must not wait.
     */
    @Override
    public byte[] refusal(Refusal reason) {
        if (reason == Refusal.SLOW_CONSUMER) {
            // It has had a response already, and speaks another protocol since.
            return new byte[0];
        }
        HttpException error = config.refusal(reason);
        Response response = config.errors().response(error, Headers.none()).and(error.headers());
        if (!(response.content() instanceof Response.Content.Bytes here)) {
            return new byte[0];
        }
        byte[] body = here.bytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Status.line(response.status()));
        all.write(response.headers().block(), 0, response.headers().length());
        all.writeBytes(("Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    /** The same; also logs the refusal. */
    @Override
    public byte[] refusal(Refusal reason, InetSocketAddress peer) {
        if (config.hasLog() && reason != Refusal.SLOW_CONSUMER) {
            HttpException error = config.refusal(reason);
            long bytes =
                    config.errors().response(error, Headers.none()).content() instanceof Response.Content.Bytes here
                            ? here.bytes().length
                            : 0;
            config.log().refused(peer, error.status(), bytes);
        }
        return refusal(reason);
    }
}
