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

/** HTTP/1.1 and 1.0 with every client of a server; what answers the requests is given. Safe for concurrent use. */
public final class HttpServer implements ConnectionHandler {
    private final HttpHandler handler;
    private final HttpConfig config;
    private final HttpDate dates = new HttpDate();

    private HttpServer(HttpHandler handler, HttpConfig config) {
        this.handler = handler;
        this.config = config;
    }

    /** Answers requests by this handler; for {@link dev.thrum.engine.Engine#listen}. */
    public static HttpServer over(HttpHandler handler, HttpConfig config) {
        return new HttpServer(handler, config);
    }

    @Override
    public void handle(Connection connection) throws Exception {
        connection.deadlines(
                connection.deadlines().withIdle(config.limits().pace().idle()));
        new ServerConnection(connection, handler, config, dates).serve();
    }

    /** Without a date: who accepts has no clock at hand and must not wait. */
    @Override
    public byte[] refusal(Refusal reason) {
        HttpException error = config.refusal(reason);
        Response answer = config.errors().answer(error, Headers.none()).and(error.headers());
        if (!(answer.content() instanceof Response.Content.Bytes here)) {
            return new byte[0];
        }
        byte[] body = here.bytes();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Status.line(answer.status()));
        all.write(answer.headers().block(), 0, answer.headers().length());
        all.writeBytes(("Content-Length: " + body.length + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    @Override
    public byte[] refusal(Refusal reason, InetSocketAddress peer) {
        if (config.hasLog()) {
            HttpException error = config.refusal(reason);
            long bytes = config.errors().answer(error, Headers.none()).content() instanceof Response.Content.Bytes here
                    ? here.bytes().length
                    : 0;
            config.log().refused(peer, error.status(), bytes);
        }
        return refusal(reason);
    }
}
