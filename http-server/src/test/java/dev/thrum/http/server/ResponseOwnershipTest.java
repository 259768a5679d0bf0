package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import dev.thrum.http.Gzip;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.HttpFilter;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import dev.thrum.testkit.scripted.FedBackend.Fed;
import dev.thrum.testkit.scripted.FedWire;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a response holds is released once, however its exchange ends. */
@ExtendWith(LeakCheck.class)
class ResponseOwnershipTest {
    private static final String GET = crlf("GET / HTTP/1.1\nHost: a\n\n");
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** A resource that counts how often it was closed. */
    static final class Counted implements Closeable {
        private final AtomicInteger closed = new AtomicInteger();
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();

        byte[] content() {
            assertThat(closed).as("open while it is sent").hasValue(0);
            return "content".repeat(1_000).getBytes(US_ASCII);
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            done.complete(true);
        }
    }

    /** A way in which an exchange ends. */
    record Way(String name, String request, int writes, Body body, HttpFilter filter) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The response that sends a resource. */
    interface Body {
        Response of(Request request, Counted resource) throws Exception;
    }

    private static Response streamed(Request request, Counted resource) {
        return Response.stream(200, "text/plain", out -> out.write(resource.content()));
    }

    /** The mistake of a handler that is not checked for null pointers. */
    @SuppressWarnings("NullAway")
    private static Response nothing() {
        return null;
    }

    private static Way way(String name, HttpFilter filter) {
        return new Way(name, GET, Integer.MAX_VALUE, ResponseOwnershipTest::streamed, filter);
    }

    private static Way way(String name, String request, int writes, Body body) {
        return new Way(name, request, writes, body, (asked, next) -> next.handle(asked));
    }

    static Stream<Way> ways() {
        return Stream.of(sent(), broken(), handled(), takenOver(), filtered()).flatMap(ways -> ways);
    }

    /** The response is complete, or has no body. */
    private static Stream<Way> sent() {
        String zipped = GET.replace("Host: a\r\n", "Host: a\r\nAccept-Encoding: gzip\r\n");
        return Stream.of(
                way("sent", GET, 99, ResponseOwnershipTest::streamed),
                way("sent in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 99, ResponseOwnershipTest::streamed),
                way("compressed", zipped, 99, ResponseOwnershipTest::streamed),
                way("HEAD", GET.replace("GET", "HEAD"), 99, ResponseOwnershipTest::streamed),
                way("304", GET, 99, (_, _) -> Response.stream(304, "text/plain", out -> out.write(1))));
    }

    /** Writing the response fails. */
    private static Stream<Way> broken() {
        String expecting = crlf("GET / HTTP/1.1\nHost: a\nContent-Length: 1\nExpect: 100-continue\n\n");
        String malformed = crlf("GET / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nx\n");
        Body fails = (_, resource) -> Response.stream(200, "text/plain", out -> {
            out.write(resource.content());
            throw new IOException("on purpose");
        });
        Body fatal = (_, resource) -> Response.stream(200, "text/plain", out -> {
            out.write(resource.content());
            throw new StackOverflowError("on purpose");
        });
        Body tooMuch = (_, resource) -> Response.stream(200, "text/plain", 3, out -> out.write(resource.content()));
        Body badTrailers = (request, resource) ->
                streamed(request, resource).withTrailers(() -> Headers.of("Content-Length", "1"));
        Body readsLate = (request, _) -> Response.stream(200, "text/plain", request.body()::transferTo);
        return Stream.of(
                way("head fails", GET, 0, ResponseOwnershipTest::streamed),
                way("body fails", GET, 1, ResponseOwnershipTest::streamed),
                way("100 (Continue) fails", expecting, 0, ResponseOwnershipTest::streamed),
                way("request's body fails while it is sent", malformed, 99, readsLate),
                way("writer fails", GET, 99, fails),
                way("writer fails fatally", GET, 99, fatal),
                way("writer writes too much", GET, 99, tooMuch),
                way("trailers fail", GET, 99, badTrailers));
    }

    /** The handler fails after it has acquired the resource. */
    private static Stream<Way> handled() {
        String malformed = crlf("GET / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\nx\n");
        return Stream.of(
                way("request's body fails", malformed, 99, (request, resource) -> {
                    var _ = request.body().readAllBytes();
                    return streamed(request, resource);
                }),
                way("handler fails after it", GET, 99, (_, _) -> {
                    throw new IllegalStateException("on purpose");
                }),
                way("handler gives null", GET, 99, (_, _) -> nothing()),
                way("handler is interrupted", GET, 99, (_, _) -> {
                    throw new InterruptedException("on purpose");
                }),
                way("interrupt is pending", GET, 99, (request, resource) -> {
                    Thread.currentThread().interrupt();
                    return streamed(request, resource);
                }));
    }

    private static Stream<Way> takenOver() {
        String upgrade = crlf("GET / HTTP/1.1\nHost: a\nConnection: upgrade\nUpgrade: x\n\n");
        Body takeover = (_, resource) ->
                Response.takeover("x", connection -> connection.writer().write(resource.content()));
        return Stream.of(
                way("taken over", upgrade, 99, takeover),
                way("taken over without leave", GET, 99, takeover),
                way("takeover fails", upgrade, 0, takeover));
    }

    /** A filter replaces the response or fails. */
    private static Stream<Way> filtered() {
        return Stream.of(
                way("replaced", (request, next) -> {
                    var _ = next.handle(request);
                    return Response.text("another");
                }),
                way("replaced by 304", (request, next) -> {
                    var _ = next.handle(request);
                    return Response.empty(304);
                }),
                way("handled twice", (request, next) -> {
                    var _ = next.handle(request);
                    return next.handle(request);
                }),
                way("filter fails", (request, next) -> {
                    throw new IllegalStateException(
                            "on purpose after " + next.handle(request).status());
                }),
                way("filter fails fatally", (request, next) -> {
                    throw new StackOverflowError(
                            "on purpose after " + next.handle(request).status());
                }),
                way("filter refuses", (request, next) -> {
                    throw HttpException.of(403, "after " + next.handle(request).status());
                }),
                way(
                        "filter gives null",
                        (request, next) -> next.handle(request).status() == 0 ? Response.text("") : nothing()));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void resource_howeverItsExchangeEnds_isClosedOnce(Way way) {
        List<Counted> opened = new ArrayList<>();
        HttpHandler handler = request -> {
            Counted resource = request.scope().own(new Counted());
            opened.add(resource);
            return way.body().of(request, resource);
        };
        FedWire wire = FedWire.of(way.request()).breakingAfter(way.writes());
        try (LogCapture _ = new LogCapture("dev.thrum.http");
                Fed fed = new Fed()) {
            HttpHandler filtered = handler.behind(new Gzip()).behind(way.filter());
            HttpServer server = HttpServer.over(filtered, HttpConfig.defaults());
            fed.serve(wire, connection -> serve(server, connection));
        }

        assertThat(opened)
                .isNotEmpty()
                .allSatisfy(resource -> assertThat(resource.closed).hasValue(1));
    }

    /** Serves like an engine, for which any exception only ends the conversation. */
    private static void serve(HttpServer server, Connection connection) throws IOException {
        try {
            server.handle(connection);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            assertThat(e).hasMessageMatching("on purpose|expected .*");
        }
    }

    @Test
    void lock_thatAResponseHolds_isReleasedByItsThread() {
        ReentrantLock lock = new ReentrantLock();
        HttpHandler handler = request -> {
            lock.lock();
            request.scope().atEnd(lock::unlock);
            return Response.stream(200, "text/plain", out -> {
                assertThat(lock.isHeldByCurrentThread()).isTrue();
                out.write('a');
            });
        };
        try (Fed fed = new Fed()) {
            fed.serve(FedWire.of(GET), HttpServer.over(handler, HttpConfig.defaults()));
        }
        assertThat(lock.isLocked()).isFalse();
    }

    @Test
    void release_thatFails_isLogged_andChangesNothingForTheClient() {
        HttpHandler handler = request -> {
            request.scope().atEnd(() -> {
                throw new IOException("the disk failed on purpose");
            });
            return Response.text("x");
        };
        FedWire wire = FedWire.of(GET + GET);
        try (LogCapture log = new LogCapture("dev.thrum.http");
                Fed fed = new Fed()) {
            fed.serve(wire, HttpServer.over(handler, HttpConfig.defaults()));

            assertThat(log.messages())
                    .hasSize(2)
                    .allMatch(text -> text.endsWith("a resource that could not be released"));
        }
        assertThat(ParsedResponse.statuses(wire.said())).containsExactly(200, 200);
    }

    /** A stream that has begun to send and then waits in this way. */
    private static HttpHandler held(Counted resource, Wait wait) {
        return request -> {
            Counted owned = request.scope().own(resource);
            return Response.stream(200, "text/plain", out -> {
                out.write("begun\r\n".getBytes(US_ASCII));
                out.flush();
                wait.in(request);
                out.write(owned.content());
            });
        };
    }

    private interface Wait {
        void in(Request request) throws Exception;
    }

    private static Server serve(World world, HttpHandler handler) throws IOException {
        return world.listen(HttpServer.over(handler, HttpConfig.defaults()));
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void resource_whenTheClientLeavesWhileItIsSent_isClosedOnce(String kind) throws Exception {
        World.play(kind, world -> {
            Counted resource = new Counted();
            Server server = serve(world, held(resource, request -> request.await(LONG)));
            Connection client = world.ask(server, GET);
            World.awaitLine(client, "begun");
            client.reset();

            resource.done.get();
            assertThat(server.shutdown(DRAIN)).isTrue();
            assertThat(resource.closed).hasValue(1);
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void resource_whenTheConversationIsAborted_isClosedOnce(String kind) throws Exception {
        World.play(kind, world -> {
            Counted resource = new Counted();
            CountDownLatch never = new CountDownLatch(1);
            Server server = serve(world, held(resource, _ -> never.await()));
            Connection client = world.ask(server, GET);
            World.awaitLine(client, "begun");

            server.close();

            resource.done.get();
            client.reset();
            assertThat(resource.closed).hasValue(1);
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void resource_whenTheServerDrains_isClosedOnce(String kind) throws Exception {
        World.play(kind, world -> {
            Counted resource = new Counted();
            Server server = serve(world, held(resource, request -> request.await(LONG)));
            try (Connection client = world.ask(server, GET)) {
                World.awaitLine(client, "begun");
                assertThat(server.shutdown(DRAIN)).isTrue();
                assertThat(resource.closed).hasValue(1);
            }
        });
    }
}
