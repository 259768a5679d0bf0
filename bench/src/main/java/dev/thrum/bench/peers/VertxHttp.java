package dev.thrum.bench.peers;

import dev.thrum.bench.load.Greeting;
import io.netty.util.AsciiString;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.time.Clock;

/**
 * HTTP on Vert.x, without HTTP/2 and without a router.
 *
 * <p>Its strict thread mode saves a tenth with pipelined requests; unvalidated headers
 * ({@code vertx.disableHttpHeadersValidation}) made no measurable difference.
 */
final class VertxHttp {
    private static final AsciiString TEXT_TYPE = AsciiString.cached(Greeting.TEXT_TYPE);
    private static final AsciiString JSON_TYPE = AsciiString.cached(Greeting.JSON_TYPE);
    private static final int NOT_FOUND = 404;

    private final Buffer text = Buffer.buffer(Greeting.text());
    private final HttpDate date = new HttpDate(Clock.systemUTC());

    private VertxHttp() {}

    static Endpoint start() {
        VertxHttp greeter = new VertxHttp();
        Vertx vertx = VertxLoop.open();
        var _ = vertx.setPeriodic(HttpDate.PERIOD_MILLIS, _ -> greeter.date.renew());
        HttpServerOptions options = new HttpServerOptions()
                .setTcpNoDelay(true)
                .setAcceptBacklog(Endpoint.BACKLOG)
                .setHttp2ClearTextEnabled(false)
                .setStrictThreadMode(true);
        HttpServer server = vertx.createHttpServer(options).requestHandler(greeter::answer);
        VertxLoop.await(server.listen(0, InetAddress.getLoopbackAddress().getHostAddress()));
        return new Endpoint(server.actualPort(), () -> VertxLoop.await(vertx.close()));
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        var _ = response.putHeader(HttpHeaders.DATE, date.value());
        var _ = switch (request.uri()) {
            case Greeting.TEXT_PATH ->
                response.putHeader(HttpHeaders.CONTENT_TYPE, TEXT_TYPE).end(text);
            case Greeting.JSON_PATH ->
                response.putHeader(HttpHeaders.CONTENT_TYPE, JSON_TYPE).end(Buffer.buffer(Greeting.json()));
            default -> response.setStatusCode(NOT_FOUND).end();
        };
    }
}
