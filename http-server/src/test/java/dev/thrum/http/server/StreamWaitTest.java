package dev.thrum.http.server;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Request.Wakeup;
import dev.thrum.http.Response;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Handlers that wait with {@link Request#await} while their response is streamed, on every engine. */
@ExtendWith(LeakCheck.class)
class StreamWaitTest {
    /** Longer than any test may take. */
    private static final Duration LONG = Duration.ofHours(1);

    private static final Duration SHORT = Duration.ofMillis(30);
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final String GET = crlf("GET / HTTP/1.1\nHost: a\n\n");
    private static final String SECOND = crlf("GET /second HTTP/1.1\nHost: a\n\n");
    private static final int MUCH = 100_000;

    /** A handler whose stream begins with a line and then waits once; another path has a short response. */
    private static HttpHandler waiting(Duration patience, CompletableFuture<Wakeup> woken) {
        return request -> request.path().equals("/")
                ? Response.stream(200, "text/plain", out -> {
                    out.write("begun\r\n".getBytes(US_ASCII));
                    out.flush();
                    woken.complete(request.await(patience));
                })
                : Response.text("I am " + request.path());
    }

    private static Server serve(World world, HttpHandler handler) throws IOException {
        return world.listen(HttpServer.over(handler, HttpConfig.defaults()));
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenTheClientEnds_isOverAtOnce(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            Server server = serve(world, waiting(LONG, woken));
            try (Connection client = world.ask(server, GET)) {
                World.awaitLine(client, "begun");
                client.shutdownOutput();

                assertThat(woken.get()).isEqualTo(Wakeup.CLIENT_GONE);
            }
            assertThat(server.shutdown(DRAIN)).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenTheClientResets_isOverAtOnce(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            Server server = serve(world, waiting(LONG, woken));
            Connection client = world.ask(server, GET);
            World.awaitLine(client, "begun");
            client.reset();

            assertThat(woken.get()).isEqualTo(Wakeup.CLIENT_GONE);
            assertThat(server.shutdown(DRAIN)).isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenTheServerDrains_isOverAtOnce_andTheResponseCanEnd(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            HttpHandler handler = request -> Response.stream(200, "text/plain", out -> {
                out.write("begun\r\n".getBytes(US_ASCII));
                out.flush();
                woken.complete(request.await(LONG));
                assertThat(request.await(LONG)).as("the drain stays").isEqualTo(Wakeup.DRAINING);
                out.write("last words\r\n".getBytes(US_ASCII));
            });
            Server server = serve(world, handler);
            try (Connection client = world.ask(server, GET)) {
                World.awaitLine(client, "begun");
                assertThat(server.shutdown(DRAIN))
                        .as("all connections ended by themselves")
                        .isTrue();

                assertThat(woken).isCompletedWithValue(Wakeup.DRAINING);
                World.awaitLine(client, "last words");
                World.awaitLine(client, "0");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenAnotherThreadWakesIt_isOverAtOnce(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Request> waiting = new CompletableFuture<>();
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            HttpHandler handler = request -> Response.stream(200, "text/plain", out -> {
                waiting.complete(request);
                woken.complete(request.await(LONG));
                out.write("woken\r\n".getBytes(US_ASCII));
            });
            Server server = serve(world, handler);
            try (Connection client = world.ask(server, GET)) {
                waiting.get().wake();

                World.awaitLine(client, "woken");
                assertThat(woken).isCompletedWithValue(Wakeup.WOKEN);
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenAPipelinedRequestHasCome_goesOn_andTheRequestIsHandledLater(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            CompletableFuture<Long> took = new CompletableFuture<>();
            HttpHandler handler = waiting(SHORT, woken).behind((request, next) -> {
                long before = request.clock().nanoTime();
                Response response = next.handle(request);
                var _ = woken.thenRun(() -> took.complete(request.clock().nanoTime() - before));
                return response;
            });
            Server server = serve(world, handler);
            try (Connection client = world.ask(server, GET + SECOND)) {
                World.awaitLine(client, "begun");
                assertThat(woken.get()).isEqualTo(Wakeup.TIME);
                assertThat(took.get()).isGreaterThanOrEqualTo(SHORT.toNanos());
                client.shutdownOutput();

                assertThat(Conversation.rest(client))
                        .contains("0\r\n\r\nHTTP/1.1 200 OK")
                        .endsWith("I am /second");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_whenTheClientEndsAfterAPipelinedRequest_isOverAtOnce(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            Server server = serve(world, waiting(LONG, woken));
            try (Connection client = world.ask(server, GET + SECOND)) {
                World.awaitLine(client, "begun");
                client.shutdownOutput();

                assertThat(woken.get()).isEqualTo(Wakeup.CLIENT_GONE);
                assertThat(Conversation.rest(client)).endsWith("I am /second");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_afterMoreInputThanIsReadAhead_keepsItsTime_andAllOfTheInput(String kind) throws Exception {
        World.play(kind, world -> {
            HttpHandler handler = request -> Response.stream(200, "text/plain", out -> {
                assertThat(request.await(SHORT)).isEqualTo(Wakeup.TIME);
                assertThat(request.await(SHORT)).isEqualTo(Wakeup.TIME);
                byte[] body = request.body().readAllBytes();
                out.write((body.length + "\r\n").getBytes(US_ASCII));
            });
            Server server = serve(world, handler);
            String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n" + "x".repeat(MUCH);
            CompletableFuture<Connection> asked = new CompletableFuture<>();
            World.Task asking = world.fork("client", () -> {
                try (Connection client = world.ask(server, request)) {
                    World.awaitLine(client, Integer.toString(MUCH));
                    asked.complete(client);
                }
            });
            asking.run();
            assertThat(asked).isCompleted();
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_afterMoreInputThanIsReadAhead_isOverAtADrain(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            Server server = serve(world, waiting(LONG, woken));
            String much = GET + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n" + "x".repeat(MUCH);
            CompletableFuture<Boolean> begun = new CompletableFuture<>();
            world.fork("client", () -> {
                try (Connection client = world.ask(server, much)) {
                    World.awaitLine(client, "begun");
                    begun.complete(true);
                    World.awaitLine(client, "0");
                } catch (IOException e) {
                    // The server does not read the rest.
                    begun.complete(true);
                }
            });
            begun.get();
            assertThat(server.shutdown(DRAIN)).isTrue();
            assertThat(woken).isCompletedWithValue(Wakeup.DRAINING);
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void wait_beforeTheResponse_noticesTheClientToo(String kind) throws Exception {
        World.play(kind, world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            HttpHandler longPoll = request -> {
                asked.countDown();
                woken.complete(request.await(LONG));
                return Response.empty(204);
            };
            Server server = serve(world, longPoll);
            try (Connection client = world.ask(server, GET)) {
                asked.await();
                client.shutdownOutput();
                assertThat(woken.get()).isEqualTo(Wakeup.CLIENT_GONE);
                assertThat(ParsedResponse.statuses(Conversation.rest(client))).containsExactly(204);
            }
        });
    }

    @Test
    void waits_thatAreLongerThanTheIdleDeadline_endNothing() throws Exception {
        World.play("simulation", world -> {
            CompletableFuture<Wakeup> woken = new CompletableFuture<>();
            Server server = serve(world, waiting(Duration.ofMinutes(5), woken));
            try (Connection client = world.ask(server, GET)) {
                World.awaitLine(client, "0");
                assertThat(woken).isCompletedWithValue(Wakeup.TIME);
                // The wait for the next request begins only now.
                world.engine().clock().sleep(Duration.ofSeconds(50));
                client.writer().write(SECOND);
                client.shutdownOutput();
                assertThat(Conversation.rest(client)).endsWith("I am /second");
            }
        });
    }

    @Test
    void streams_whoseClientsLeave_end_onANetworkWithFaults() {
        World.simulate(Faults.harmful(), 200, world -> {
            AtomicInteger open = new AtomicInteger();
            HttpHandler ticks = request -> {
                open.incrementAndGet();
                request.scope().atEnd(open::decrementAndGet);
                return Response.stream(200, "text/plain", out -> {
                    do {
                        out.write("tick\r\n".getBytes(US_ASCII));
                        out.flush();
                    } while (request.await(Duration.ofMinutes(1)) == Wakeup.TIME);
                });
            };
            Server server = serve(world, ticks);
            List<World.Task> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int number = i;
                clients.add(world.fork("client " + i, () -> visit(world, server, number)));
            }
            for (World.Task client : clients) {
                client.run();
            }
            // The next tick of each stream is a minute away; a lingering close and a stall take a few seconds.
            world.engine().clock().sleep(Duration.ofSeconds(10));
            assertThat(open).as("streams that are still open").hasValue(0);
            assertThat(server.shutdown(Duration.ZERO)).isTrue();
        });
    }

    /** Requests a stream, or two, and leaves in one of three ways, or when the network fails. */
    private static void visit(World world, Server server, int number) {
        try (Connection client = world.ask(server, number % 2 == 0 ? GET : GET + SECOND)) {
            if (number % 3 == 0) {
                World.awaitLine(client, "tick");
            }
            if (number % 4 < 2) {
                client.reset();
            }
        } catch (IOException | AssertionError e) {
            // It has left, too.
        }
    }

    @Test
    void wait_ofARequestWithoutAConnection_isRefused() {
        Request request = Request.of("GET", "/", Headers.none(), new byte[0]);

        assertThatIllegalStateException()
                .isThrownBy(() -> request.await(SHORT))
                .withMessageContaining("made by Request.of");
        assertThatIllegalStateException().isThrownBy(request::wake);
    }
}
