package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Response;
import dev.thrum.http.Status;
import dev.thrum.http.syntax.HttpDate;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A server of HTTP/1.1 and 1.0, as the connection handler of an engine. Safe for concurrent use; one instance may serve
 * several addresses of an engine.
 *
 * <p>It serves the requests of each connection one after the other, on the thread that the engine gives to the
 * connection; pipelined requests too, whose responses may share packets. A connection is kept alive unless the client
 * or the engine wants to end it, the request was malformed, or more than 64 KiB of its body are unread. If the server
 * drains, the exchange that is running ends normally, and then the connection.
 *
 * <p>If the client disconnects, the handler is not interrupted: its next read or write fails (see {@link HttpHandler}).
 */
public final class HttpServer implements ConnectionHandler {
    private final HttpHandler handler;
    private final Optional<HttpHandler> tunnels;
    private final HttpConfig config;
    private final HttpDate dates = new HttpDate();

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

    @Override
    public void handle(Connection connection) throws Exception {
        new ServerConnection(connection, handler, tunnels, config, dates).serve();
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
