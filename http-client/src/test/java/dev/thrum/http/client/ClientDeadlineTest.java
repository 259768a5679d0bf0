package dev.thrum.http.client;

import static dev.thrum.testkit.scripted.Conversation.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.DeadlineException;
import dev.thrum.http.HttpLimits;
import dev.thrum.http.HttpLimits.Pace;
import dev.thrum.http.client.HttpClientConfig.Idle;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.LinkFaults;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.scripted.ScriptedServer;
import dev.thrum.testkit.scripted.ScriptedServer.Then;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deadlines of the client: on the virtual clock, and once on each real engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ClientDeadlineTest {
    private static final HttpClientConfig CONFIG = HttpClientConfig.defaults()
            .withLimits(HttpLimits.defaults()
                    .withPace(Pace.defaults().withHead(Duration.ofSeconds(5)).withBody(Duration.ofSeconds(3), 10)))
            .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(20));

    /** A server that sends these parts with a pause before each, and then keeps the connection open. */
    private static URI slowly(World world, Duration pause, List<String> parts) throws IOException {
        return world.serve((Connection connection) -> {
            connection.reader().await();
            for (String part : parts) {
                world.clock().sleep(pause);
                connection.writer().write(part.getBytes(StandardCharsets.ISO_8859_1));
                connection.writer().flush();
            }
            world.clock().sleep(Duration.ofHours(1));
        });
    }

    private static void assertLate(World world, double seconds, DeadlineException.Kind kind, Call exchange) {
        long begun = world.clock().nanoTime();
        Throwable thrown = catchThrowable(exchange::call);
        double took = (world.clock().nanoTime() - begun) / 1e9;

        assertThat(thrown).isInstanceOf(DeadlineException.class);
        assertThat(((DeadlineException) thrown).kind()).isEqualTo(kind);
        assertThat(took).isCloseTo(seconds, within(0.1));
    }

    private interface Call {
        void call() throws IOException;
    }

    private static void simulate(World.Play play) {
        World.simulate(Faults.none(), 1, play);
    }

    private static List<String> each(String text) {
        return text.chars().mapToObj(Character::toString).toList();
    }

    @Test
    void client_waitsForTheTimeOfAHead_whenNothingArrives() {
        simulate(world -> {
            URI uri = slowly(world, Duration.ofHours(1), List.of(""));
            try (HttpClient client = world.client(CONFIG)) {
                assertLate(world, 5, DeadlineException.Kind.IDLE, () -> Echo.text(client, ClientRequest.get(uri)));
                assertThat(world.engine().connections()).allMatch(it -> it.side() != ConnectionInfo.Side.OPENED);
            }
        });
    }

    @Test
    void head_isCut_whenItArrivesByteByByte() {
        simulate(world -> {
            URI uri = slowly(world, Duration.ofMillis(500), each("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
            try (HttpClient client = world.client(CONFIG)) {
                assertLate(world, 5, DeadlineException.Kind.READ, () -> Echo.text(client, ClientRequest.get(uri)));
            }
        });
    }

    @Test
    void body_isCut_whenItsPauseIsTooLong() {
        simulate(world -> {
            URI uri = slowly(world, Duration.ofSeconds(1), List.of(crlf("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc")));
            try (HttpClient client = world.client(CONFIG);
                    ClientResponse response = client.send(ClientRequest.get(uri))) {
                assertLate(world, 3, DeadlineException.Kind.IDLE, response::bytes);
            }
        });
    }

    @Test
    void exchange_endsAtItsDeadline_howeverSteadyTheBodyIs() {
        simulate(world -> {
            String head = "HTTP/1.1 200 OK\r\n\r\n";
            URI uri = slowly(world, Duration.ofSeconds(1), List.of(head, "x".repeat(30)));
            URI endless = world.serve((Connection connection) -> {
                connection.reader().await();
                connection.writer().write(head);
                for (int second = 0; second < 100; second++) {
                    connection.writer().write("x".repeat(30));
                    connection.writer().flush();
                    world.clock().sleep(Duration.ofSeconds(1));
                }
            });
            try (HttpClient client = world.client(CONFIG)) {
                assertLate(world, 20, DeadlineException.Kind.IDLE, () -> Echo.text(client, ClientRequest.get(endless)));
                assertLate(world, 5, DeadlineException.Kind.IDLE, () -> Echo.text(client, ClientRequest.get(uri)));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.client.World#kinds")
    void exchange_endsAtItsDeadline_whenALongBodyDecodesToNothing(String kind) throws Exception {
        if (kind.equals(World.SIMULATION)) {
            return;
        }
        byte[] empty = Gzipped.gzip(new byte[0]);
        byte[] many = new byte[empty.length * 3_000];
        for (int at = 0; at < many.length; at += empty.length) {
            System.arraycopy(empty, 0, many, at, empty.length);
        }
        HttpClientConfig config = CONFIG.withLimits(CONFIG.limits().withBody(Long.MAX_VALUE))
                .withDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(1));
        World.play(kind, world -> {
            URI uri = world.serve((Connection connection) -> {
                connection.reader().await();
                connection.writer().write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
                long end = world.clock().nanoTime() + TimeUnit.SECONDS.toNanos(10);
                while (world.clock().nanoTime() - end < 0) {
                    connection.writer().write(many);
                }
            });
            try (HttpClient client = world.client(config)) {
                Throwable thrown = catchThrowable(() -> Echo.text(client, ClientRequest.get(uri)));
                assertThat(thrown).isInstanceOf(DeadlineException.class);
            }
        });
    }

    @Test
    void exchange_endsAtItsDeadline_whenItsReaderIsTooSlow() {
        simulate(world -> {
            URI uri = world.serve(
                    new ScriptedServer().respond(crlf("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"), Then.HOLD));
            try (HttpClient client = world.client(CONFIG);
                    ClientResponse response = client.send(ClientRequest.get(uri))) {
                world.clock().sleep(Duration.ofSeconds(21));
                assertLate(world, 0, DeadlineException.Kind.READ, response::bytes);
            }
        });
    }

    @Test
    void request_isAborted_whenTheServerDoesNotReadIt() {
        simulate(world -> {
            URI uri = world.serve((Connection connection) -> world.clock().sleep(Duration.ofHours(1)));
            byte[] large = new byte[1_000_000];
            InputStream stream = new ByteArrayInputStream(large);
            try (HttpClient client = world.client(CONFIG)) {
                ClientRequest post = ClientRequest.of("POST", uri);
                assertLate(world, 20, DeadlineException.Kind.WRITE, () -> client.send(post.withBody(large)));
                assertLate(world, 20, DeadlineException.Kind.WRITE, () -> client.send(post.withBody(stream)));
            }
        });
    }

    @Test
    void request_isAbortedInTime_whenItsBodyEndsLateAndTheServerDoesNotRead() {
        simulate(world -> {
            URI uri = world.serve((Connection connection) -> world.clock().sleep(Duration.ofHours(1)));
            // As much as the network holds, and a little more, which stays in the buffer.
            List<InputStream> parts = new ArrayList<>();
            for (int i = 0; i < 70; i++) {
                parts.add(new ByteArrayInputStream(new byte[1_000]));
            }
            parts.add(endsAfter(world, Duration.ofSeconds(15)));
            InputStream stream = new SequenceInputStream(Collections.enumeration(parts));
            try (HttpClient client = world.client(CONFIG)) {
                ClientRequest post = ClientRequest.of("POST", uri).withBody(stream, 70_000);
                assertLate(world, 20, DeadlineException.Kind.WRITE, () -> client.send(post));
            }
        });
    }

    private static InputStream endsAfter(World world, Duration pause) {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    world.clock().sleep(pause);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException(e.getMessage());
                }
                return -1;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        };
    }

    @Test
    void request_isAbortedAtTheDeadline_whenTheServerReadsSlowly() {
        simulate(world -> {
            URI uri = world.serve((Connection connection) -> {
                byte[] some = new byte[10_000];
                while (connection.reader().readAvailable(some, 0, some.length) >= 0) {
                    world.clock().sleep(Duration.ofSeconds(1));
                }
            });
            try (HttpClient client = world.client(CONFIG)) {
                long begun = world.clock().nanoTime();
                Throwable thrown = catchThrowable(
                        () -> client.send(ClientRequest.of("POST", uri).withBody(new byte[3_000_000])));
                assertThat(thrown).isInstanceOf(DeadlineException.class);
                assertThat(world.clock().nanoTime() - begun)
                        .isLessThan(Duration.ofSeconds(21).toNanos());
            }
        });
    }

    @Test
    void connect_isAborted_whenNoAddressRespondsInTime_andEachAddressGetsItsShare() {
        Faults first = (connection, _, _) -> connection == 1
                ? LinkFaults.none().withDelays(Duration.ofMinutes(1), Duration.ofMinutes(1))
                : LinkFaults.none();
        List<InetAddress> two = List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("127.0.0.1"));
        World.simulate(first, 1, (_, _) -> two, world -> {
            URI uri = new Echo().serveIn(world);
            try (HttpClient client = world.client(CONFIG)) {
                long begun = world.clock().nanoTime();
                assertThat(Echo.text(client, Echo.post(URI.create("http://two.test:" + uri.getPort()), "hi")))
                        .isEqualTo("hi");
                assertThat((world.clock().nanoTime() - begun) / 1e9).isCloseTo(1, within(0.1));
            }
        });
        Faults all = (_, _, _) -> LinkFaults.none().withDelays(Duration.ofMinutes(1), Duration.ofMinutes(1));
        World.simulate(all, 1, world -> {
            URI uri = new Echo().serveIn(world);
            try (HttpClient client = world.client(CONFIG)) {
                assertLate(world, 2, DeadlineException.Kind.CONNECT, () -> Echo.text(client, ClientRequest.get(uri)));
            }
        });
    }

    @Test
    void connect_isAborted_whenTheHostIsNotLookedUpInTime() {
        World.simulate(
                Faults.none(),
                1,
                (clock, _) -> {
                    clock.sleep(Duration.ofMinutes(1));
                    return List.of();
                },
                world -> {
                    URI uri = new Echo().serveIn(world);
                    try (HttpClient client = world.client(CONFIG)) {
                        assertLate(
                                world,
                                2,
                                DeadlineException.Kind.CONNECT,
                                () -> Echo.text(
                                        client, ClientRequest.get(URI.create("http://slow.test:" + uri.getPort()))));
                    }
                });
    }

    @Test
    void idleConnection_isClosed_whenItsTimeIsOver_withoutAnotherRequest() {
        simulate(world -> {
            Echo echo = new Echo();
            URI uri = echo.serveIn(world);
            try (HttpClient client = world.client(CONFIG.withIdle(new Idle(9, 9, Duration.ofSeconds(30))))) {
                ClientResponse other = client.send(Echo.post(uri, "other"));
                assertThat(Echo.text(client, Echo.post(uri, "x"))).isEqualTo("x");
                world.clock().sleep(Duration.ofSeconds(10));
                other.close();
                world.clock().sleep(Duration.ofSeconds(19));
                assertThat(client.idleConnections()).isEqualTo(2);
                world.clock().sleep(Duration.ofSeconds(2));
                assertThat(client.idleConnections()).isEqualTo(1);
                world.clock().sleep(Duration.ofSeconds(10));
                assertThat(client.idleConnections()).isZero();
                world.clock().sleep(Duration.ofSeconds(3));
                assertThat(world.engine().connections()).isEmpty();
                assertThat(Echo.text(client, Echo.post(uri, "x"))).isEqualTo("x");
            }
            assertThat(echo.connections()).isEqualTo(3);
        });
    }

    @Test
    void closingAResponse_takesNoTime_whenItsRestDoesNotArrive() {
        simulate(world -> {
            URI uri = world.serve(
                    new ScriptedServer().respond(crlf("HTTP/1.1 200 OK\nContent-Length: 9\n\nabc"), Then.HOLD));
            try (HttpClient client = world.client(CONFIG)) {
                ClientResponse response = client.send(ClientRequest.get(uri));
                long begun = world.clock().nanoTime();
                response.close();
                assertThat(world.clock().nanoTime() - begun)
                        .isLessThan(Duration.ofMillis(200).toNanos());
                assertThat(client.idleConnections()).isZero();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.thrum.http.client.World#kinds")
    void exchangeWithASilentServer_isAborted_onEveryEngine(String kind) throws Exception {
        World.play(kind, world -> {
            URI uri = world.serve(new ScriptedServer().respond("HTTP/1.1 2", Then.HOLD));
            HttpClientConfig quick = CONFIG.withDeadlines(Duration.ofSeconds(5), Duration.ofMillis(300));
            try (HttpClient client = world.client(quick)) {
                assertThat(catchThrowable(() -> client.send(ClientRequest.get(uri))))
                        .isInstanceOf(DeadlineException.class)
                        .hasMessageContaining("300 ms");
            }
        });
    }
}
