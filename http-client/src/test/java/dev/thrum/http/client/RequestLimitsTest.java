package dev.thrum.http.client;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.engine.Connection;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.client.ResponseException.Kind;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The limits of single requests, in place of those of their client. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RequestLimitsTest {
    private static final HttpClientConfig CONFIG = HttpClientConfig.defaults();
    private static final HttpLimits LIMITS = CONFIG.limits();

    /** A server whose response never ends: this head, and then the same part in each second. */
    private static URI dripping(World world, String head, byte[] part) throws IOException {
        return world.serve((Connection connection) -> {
            connection.reader().await();
            connection.writer().write(head);
            while (true) {
                connection.writer().write(part);
                connection.writer().flush();
                world.clock().sleep(Duration.ofSeconds(1));
            }
        });
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void simulate(World.Play play) {
        World.simulate(Faults.none(), 1, play);
    }

    private static void assertLate(World world, double seconds, ClientRequest request) {
        try (HttpClient client = world.client(CONFIG)) {
            long begun = world.clock().nanoTime();
            Throwable thrown = catchThrowable(() -> Echo.text(client, request));
            assertThat(thrown).isInstanceOf(DeadlineException.class);
            assertThat((world.clock().nanoTime() - begun) / 1e9).isCloseTo(seconds, within(0.1));
        }
    }

    @Test
    void exchange_endsAtTheDeadlineOfItsRequest_howeverSteadyItIs() {
        byte[] plain = latin1("x".repeat(2_000));
        simulate(world -> {
            String ok = "HTTP/1.1 200 OK\r\n";
            URI toTheEnd = dripping(world, ok + "\r\n", plain);
            URI chunks = dripping(world, ok + "Transfer-Encoding: chunked\r\n\r\n", latin1("3\r\nabc\r\n".repeat(200)));
            URI fixed = dripping(world, ok + "Content-Length: 8000000\r\n\r\n", plain);
            URI empty = dripping(world, ok + "Content-Encoding: gzip\r\n\r\n", Gzipped.gzip(new byte[0]));
            URI head = dripping(world, ok, latin1("A: b\r\n"));
            for (URI uri : new URI[] {toTheEnd, chunks, fixed}) {
                assertLate(world, 7, ClientRequest.get(uri).withDeadline(Duration.ofSeconds(7)));
                assertLate(world, 95, ClientRequest.get(uri).withDeadline(Duration.ofSeconds(95)));
            }
            assertLate(world, 3, ClientRequest.get(empty).withDeadline(Duration.ofSeconds(3)));
            assertLate(world, 3, ClientRequest.get(head).withDeadline(Duration.ofSeconds(3)));
        });
    }

    @Test
    void body_isCut_whenItIsSlowerThanTheRateOfItsRequest() {
        simulate(world -> {
            URI uri = dripping(world, "HTTP/1.1 200 OK\r\n\r\n", latin1("x".repeat(2_000)));
            HttpLimits.Pace pace = LIMITS.pace();
            // 2,000 bytes earn half of each second: of 10 s, 1 is left after 18, which is over when more arrives.
            assertLate(
                    world,
                    19,
                    ClientRequest.get(uri).withLimits(LIMITS.withPace(pace.withBody(Duration.ofSeconds(10), 4_000))));
            assertLate(
                    world,
                    60,
                    ClientRequest.get(uri).withLimits(LIMITS.withPace(pace.withBody(Duration.ofSeconds(10), 1_900))));
        });
    }

    @Test
    void sizes_areThoseOfTheRequest() {
        simulate(world -> {
            String response = crlf("HTTP/1.1 200 OK\nA: b\nB: c\nContent-Length: 10\n\n0123456789");
            ScriptedServer server = new ScriptedServer();
            for (int i = 0; i < 4; i++) {
                server.respond(response, Then.KEEP);
            }
            URI uri = world.serve(server);
            try (HttpClient client = world.client(CONFIG.withLimits(LIMITS.withBody(9)))) {
                ClientRequest request = ClientRequest.get(uri);
                assertThat(kindOf(client, request)).isEqualTo(Kind.TOO_LARGE);
                assertThat(kindOf(client, request.withLimits(LIMITS.withFields(64, 2))))
                        .isEqualTo(Kind.TOO_LARGE);
                assertThat(Echo.text(client, request.withLimits(LIMITS))).isEqualTo("0123456789");
                assertThat(Echo.text(
                                client, request.withLimits(LIMITS.withBody(10)).with("A", "b")))
                        .isEqualTo("0123456789");
            }
        });
    }

    private static Kind kindOf(HttpClient client, ClientRequest request) {
        Throwable thrown = catchThrowable(() -> Echo.text(client, request));
        assertThat(thrown).isInstanceOf(ResponseException.class);
        return ((ResponseException) thrown).kind();
    }

    /** A response of a kilobyte that would become a gigabyte, in two codings. */
    @ParameterizedTest
    @MethodSource("dev.thrum.http.client.World#kinds")
    void bomb_endsAtTheLimit_onEveryEngine(String kind) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (GZIPOutputStream outer = new GZIPOutputStream(all);
                GZIPOutputStream inner = new GZIPOutputStream(outer)) {
            for (int i = 0; i < 100; i++) {
                inner.write(new byte[1_000_000]);
            }
        }
        String body = all.toString(StandardCharsets.ISO_8859_1);
        assertThat(body.length()).isLessThan(2_000);
        World.play(kind, world -> {
            URI uri = world.serve(new ScriptedServer()
                    .respond(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body,
                            Then.KEEP));
            try (HttpClient client = world.client(CONFIG)) {
                ClientRequest request = ClientRequest.get(uri).withLimits(LIMITS.withBody(1_000_000));
                assertThatThrownBy(() -> Echo.text(client, request))
                        .isInstanceOf(ResponseException.class)
                        .hasMessageContaining("at most 1000000 bytes when decoded");
                assertThat(client.idleConnections()).isZero();
            }
        });
    }

    @Test
    void deadlines_areAboveZero() {
        ClientRequest request = ClientRequest.get(URI.create("http://localhost/"));
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofNanos(-1)}) {
            assertThatThrownBy(() -> request.withDeadline(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("above zero");
        }
    }
}
