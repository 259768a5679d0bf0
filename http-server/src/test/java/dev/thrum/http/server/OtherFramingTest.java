package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.TlsInfo;
import dev.thrum.http.Body;
import dev.thrum.http.BodySource;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Request.Wakeup;
import dev.thrum.http.Response;
import dev.thrum.http.Target;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Handlers, routers and filters serve any framing that supplies requests: here one of lines, which is not HTTP/1. */
class OtherFramingTest {
    private final AtomicInteger releases = new AtomicInteger();

    /** A request is a line: a method, a target and the length of the body that follows. The response is its body. */
    private record Lines(HttpHandler handler) implements ConnectionHandler {
        @Override
        public void handle(Connection connection) throws Exception {
            long number = 0;
            for (var line = connection.reader().readLine(1_000);
                    line.isPresent();
                    line = connection.reader().readLine(1_000)) {
                number++;
                Request request = request(connection, line.get().split(" "), number);
                try {
                    connection.writer().write(text(request) + "\n");
                } finally {
                    request.scope().end();
                }
            }
        }

        private static Request request(Connection connection, String[] words, long number) {
            byte[] target = words[1].getBytes(ISO_8859_1);
            Request.Head head = new Request.Head(
                    words[0], Target.parse(words[0], target, 0, target.length), Headers.of("Framing", "lines"), true);
            BodySource source = new Counted(connection, Integer.parseInt(words[2]));
            return new Request(head, new Body(source), new LineContext(connection), number);
        }

        private String text(Request request) throws Exception {
            try {
                Response response = handler.handle(request);
                return response.status() + " " + new String(response.bodyBytes(), ISO_8859_1);
            } catch (HttpException e) {
                return e.status() + " " + e.message();
            }
        }
    }

    /** A body of this number of bytes. */
    private static final class Counted implements BodySource {
        private final Connection connection;
        private final int length;
        private int left;

        Counted(Connection connection, int length) {
            this.connection = connection;
            this.length = length;
            this.left = length;
        }

        @Override
        public int read(byte[] target, int offset, int most) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = connection.reader().readAvailable(target, offset, Math.min(most, left));
            left -= count;
            return count;
        }

        @Override
        public long declared() {
            return length;
        }
    }

    private record LineContext(Connection connection) implements Request.Context {
        @Override
        public InetSocketAddress peer() {
            return connection.peer();
        }

        @Override
        public InetAddress client(Headers headers) {
            return peer().getAddress();
        }

        @Override
        public Optional<TlsInfo> tls() {
            return connection.tls();
        }

        @Override
        public boolean isSecure(Headers headers) {
            return connection.tls().isPresent();
        }

        @Override
        public String id(long number, Headers headers) {
            return "line-" + number;
        }

        @Override
        public Clock clock() {
            return connection.clock();
        }

        @Override
        public <T> T offload(Offload kind, Callable<T> task) throws Exception {
            return connection.offload(kind, task);
        }

        @Override
        public Wakeup await(Duration patience) {
            return Wakeup.DRAINING;
        }

        @Override
        public void wake() {}
    }

    @Test
    void handlers_serveRequestsOfAnotherFraming() {
        HttpHandler routes = Router.builder()
                .get(
                        "/users/{id}",
                        request -> Response.text(request.id() + " wants user " + request.pathParameter("id") + " over "
                                + request.header("Framing").orElse("")))
                .post(
                        "/echo",
                        request -> Response.of(
                                200,
                                "text/plain",
                                request.offload(() -> request.body().readAllBytes())))
                .get("/stream", request -> {
                    request.scope().atEnd(releases::incrementAndGet);
                    return Response.stream(
                            200,
                            "text/plain",
                            out -> out.write(request.await(Duration.ZERO).name().getBytes(ISO_8859_1)));
                })
                .build()
                .behind((request, next) -> next.handle(request).with("X", "y"));
        FedWire wire = FedWire.of("GET /users/7 0\nPOST /echo 5\nhelloGET /stream 0\nGET /nowhere 0\n");
        try (Fed fed = new Fed()) {
            fed.serve(wire, new Lines(routes));
        }

        assertThat(wire.said())
                .isEqualTo("200 line-1 wants user 7 over lines\n200 hello\n200 DRAINING\n404 Not found\n");
        assertThat(releases).hasValue(1);
    }
}
