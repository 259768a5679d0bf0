package dev.thrum.http.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.scripted.Conversation;
import dev.thrum.testkit.scripted.ParsedResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The time after which a slow client is cut, to the nanosecond, on a network with a delay of a tenth of a millisecond.
 */
class PaceTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration ONE_WAY = Duration.ofNanos(100_000);
    private static final Duration ROUND_TRIP = ONE_WAY.multipliedBy(2);
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n";

    /** A client and a server in a simulated world; time is measured from the connection. */
    private static final class Scene {
        private final Simulation world;
        private final Server server;
        private final Connection client;
        private final long begun;

        Scene(Simulation world, HttpHandler handler) throws IOException {
            this.world = world;
            this.server =
                    world.engine().listen(ANY, HttpServer.over(handler, HttpConfig.defaults()), Limits.defaults());
            this.client = world.engine().connect(server.address(), TIMEOUT);
            this.begun = world.clock().nanoTime();
        }

        void send(String text) throws IOException {
            client.writer().write(text.getBytes(ISO_8859_1));
            client.writer().flush();
        }

        /** Sends the text repeatedly, until the server's response is due; no response may arrive before that. */
        void sendEvery(Duration pause, String text, Duration before) throws Exception {
            Duration last = before.minus(ONE_WAY);
            while (elapsed().plus(pause).compareTo(last) < 0) {
                world.clock().sleep(pause);
                send(text);
            }
            world.clock().sleep(last.minus(elapsed()));
            assertThat(client.reader().available()).isZero();
        }

        Duration elapsed() {
            return Duration.ofNanos(world.clock().nanoTime() - begun);
        }

        /** Checks the statuses of the responses, and returns the time at which the first byte arrived. */
        Duration untilAnswered(Integer... statuses) throws IOException {
            assertThat(client.reader().await()).isTrue();
            Duration arrival = elapsed();
            assertThat(ParsedResponse.statuses(Conversation.rest(client))).containsExactly(statuses);
            return arrival;
        }
    }

    private interface Play {
        void act(Scene scene) throws Exception;
    }

    private static void play(HttpHandler handler, Play play) {
        Trial.of(world -> {
                    Scene scene = new Scene(world, handler);
                    play.act(scene);
                    scene.client.close();
                })
                .run(1);
    }

    private static Response reading(Request request) throws IOException {
        return Response.text("read " + request.body().readAllBytes().length);
    }

    @Test
    void connection_isClosedSilently_whenItNeverHadARequest() {
        play(PaceTest::reading, scene -> {
            assertThat(Conversation.rest(scene.client)).isEmpty();
            assertThat(scene.elapsed()).isEqualTo(Duration.ofSeconds(60).plus(ONE_WAY));
        });
    }

    @Test
    void connection_isClosedSilently_whenNoOtherRequestArrives() {
        play(PaceTest::reading, scene -> {
            scene.send(GET);
            assertThat(ParsedResponse.statuses(Conversation.rest(scene.client))).containsExactly(200);
            assertThat(scene.elapsed()).isEqualTo(Duration.ofSeconds(60).plus(ROUND_TRIP));
        });
    }

    @Test
    void connection_isKept_whenTheNextRequestArrivesInTime() {
        play(PaceTest::reading, scene -> {
            scene.send(GET);
            scene.world.clock().sleep(Duration.ofMillis(59_999));
            scene.send(GET);
            assertThat(ParsedResponse.statuses(Conversation.rest(scene.client))).containsExactly(200, 200);
            assertThat(scene.elapsed()).isEqualTo(Duration.ofMillis(119_999).plus(ROUND_TRIP));
        });
    }

    @Test
    void head_isCut_whenItDoesNotEnd() {
        play(PaceTest::reading, scene -> {
            scene.send("GET / HTTP/1.1\r\nHost: a\r\n");
            assertThat(scene.untilAnswered(408))
                    .isEqualTo(Duration.ofSeconds(10).plus(ROUND_TRIP));
        });
    }

    @Test
    void head_isCutAfterItsTotalTime_whenAByteArrivesNowAndThen() {
        play(PaceTest::reading, scene -> {
            scene.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
            Duration cut = Duration.ofSeconds(10).plus(ROUND_TRIP);
            scene.sendEvery(Duration.ofMillis(900), "y", cut);
            assertThat(scene.untilAnswered(408)).isEqualTo(cut);
        });
    }

    @Test
    void head_isCutAfterItsTotalTime_whenAFieldArrivesNowAndThen() {
        play(PaceTest::reading, scene -> {
            scene.send("GET / HTTP/1.1\r\n");
            Duration cut = Duration.ofSeconds(10).plus(ROUND_TRIP);
            scene.sendEvery(Duration.ofMillis(900), "X: y\r\n", cut);
            assertThat(scene.untilAnswered(408)).isEqualTo(cut);
        });
    }

    @Test
    void secondHead_hasItsOwnTime_whenTheFirstWasSlow() {
        play(PaceTest::reading, scene -> {
            scene.send(GET.substring(0, 5));
            scene.world.clock().sleep(Duration.ofSeconds(9));
            scene.send(GET.substring(5));
            scene.send(GET.substring(0, 5));
            scene.client.reader().await();
            scene.world.clock().sleep(Duration.ofSeconds(9));
            scene.send(GET.substring(5));
            scene.client.shutdownOutput();
            assertThat(ParsedResponse.statuses(Conversation.rest(scene.client))).containsExactly(200, 200);
        });
    }

    @Test
    void body_isCutAfterAPause_whenNoneOfItArrives() {
        play(PaceTest::reading, scene -> {
            scene.send(POST);
            assertThat(scene.untilAnswered(408))
                    .isEqualTo(Duration.ofSeconds(10).plus(ROUND_TRIP));
        });
    }

    @Test
    void body_isCutAfterAPause_whenMuchOfItArrivedQuickly() {
        play(PaceTest::reading, scene -> {
            scene.send(POST + "x".repeat(1_000));
            scene.world.clock().sleep(Duration.ofSeconds(1));
            scene.send("x".repeat(50_000));
            assertThat(scene.untilAnswered(408))
                    .isEqualTo(Duration.ofSeconds(11).plus(ROUND_TRIP));
        });
    }

    @Test
    void body_isCutByItsRate_whenItNeverPausesForLong() {
        play(PaceTest::reading, scene -> {
            scene.send(POST);
            // Each second costs 1 s and earns 100 bytes / 512 a second = 0.1953125 s: of 10 s, 12 leave 0.34375 s.
            Duration cut = Duration.ofSeconds(12).plusNanos(343_750_000).plus(ROUND_TRIP);
            scene.sendEvery(Duration.ofSeconds(1), "x".repeat(100), cut);
            assertThat(scene.untilAnswered(408)).isEqualTo(cut);
        });
    }

    @Test
    void body_isRead_whenItsRateIsSufficient() {
        play(PaceTest::reading, scene -> {
            scene.send(POST);
            Duration read = Duration.ofSeconds(100).plus(ROUND_TRIP);
            scene.sendEvery(Duration.ofSeconds(1), "x".repeat(1_000), read);
            assertThat(scene.client.reader().await()).isTrue();
            assertThat(scene.elapsed()).isEqualTo(read);
            assertThat(Conversation.rest(scene.client)).startsWith("HTTP/1.1 200 OK\r\n");
        });
    }

    @Test
    void chunks_areCutAfterAPause_whenAChunkSizeDoesNotArrive() {
        play(PaceTest::reading, scene -> {
            scene.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            assertThat(scene.untilAnswered(408))
                    .isEqualTo(Duration.ofSeconds(10).plus(ROUND_TRIP));
        });
    }

    @Test
    void client_isNotCut_whenTheHandlerIsSlow() {
        HttpHandler slow = request -> {
            request.clock().sleep(Duration.ofMinutes(5));
            int first = request.body().read();
            request.clock().sleep(Duration.ofMinutes(5));
            return Response.text("read " + first + " and " + request.body().readAllBytes().length);
        };
        play(slow, scene -> {
            scene.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            scene.world.clock().sleep(Duration.ofMinutes(10).plusSeconds(9));
            scene.send("lo");
            scene.client.shutdownOutput();
            assertThat(scene.untilAnswered(200))
                    .isEqualTo(Duration.ofMinutes(10).plusSeconds(9).plus(ROUND_TRIP));
        });
    }

    @Test
    void connection_isCut_whenTheClientNeverReadsItsResponse() {
        Trial.of(world -> {
                    List<Duration> ends = new ArrayList<>();
                    ConnectionHandler http = HttpServer.over(
                            request -> Response.of(200, "text/plain", new byte[1_000_000]), HttpConfig.defaults());
                    ConnectionHandler timed = connection -> {
                        long begun = connection.clock().nanoTime();
                        try {
                            http.handle(connection);
                        } catch (DeadlineException e) {
                            ends.add(Duration.ofNanos(connection.clock().nanoTime() - begun));
                            throw e;
                        }
                    };
                    Server server = world.engine().listen(ANY, timed, Limits.defaults());
                    try (Connection client = world.engine().connect(server.address(), TIMEOUT)) {
                        client.writer().write(GET);
                        client.writer().flush();
                        world.clock().sleep(Duration.ofMinutes(2));
                    }
                    assertThat(ends)
                            .containsExactly(Limits.Deadlines.defaults().write().plus(ONE_WAY));
                })
                .run(1);
    }

    @Test
    void idleConnection_endsAfterTheDrainGrace_whenTheServerDrains() {
        play(PaceTest::reading, scene -> {
            scene.send(GET);
            scene.client.reader().await();
            long drained = scene.world.clock().nanoTime();
            Simulation.Task<Boolean> drain =
                    scene.world.fork("drain", () -> scene.server.shutdown(Duration.ofMinutes(1)));
            assertThat(ParsedResponse.statuses(Conversation.rest(scene.client))).containsExactly(200);
            assertThat(Duration.ofNanos(scene.world.clock().nanoTime() - drained))
                    .isEqualTo(Duration.ofMillis(250).plus(ONE_WAY));
            assertThat(drain.join()).isTrue();
        });
    }

    @Test
    void runningRequest_isAnsweredAsTheLast_whenTheServerDrains() {
        List<String> seen = new ArrayList<>();
        HttpHandler slow = request -> {
            seen.add(request.path());
            request.clock().sleep(Duration.ofSeconds(5));
            return Response.text("done");
        };
        play(slow, scene -> {
            scene.send(GET + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            scene.world.clock().sleep(Duration.ofSeconds(1));
            Simulation.Task<Boolean> drain =
                    scene.world.fork("drain", () -> scene.server.shutdown(Duration.ofMinutes(1)));
            List<ParsedResponse> responses = ParsedResponse.all(Conversation.rest(scene.client));
            assertThat(responses).hasSize(1);
            assertThat(responses.getFirst().body()).isEqualTo("done");
            assertThat(responses.getFirst().field("Connection")).containsExactly("close");
            assertThat(seen).containsExactly("/");
            assertThat(scene.elapsed()).isEqualTo(Duration.ofSeconds(5).plus(ROUND_TRIP));
            assertThat(drain.join()).isTrue();
        });
    }
}
