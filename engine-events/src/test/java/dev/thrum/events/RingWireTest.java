package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections on io_uring whose streams are cut, half closed and reset at every moment. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class RingWireTest {
    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void echo(Connection connection) throws IOException {
        byte[] piece = new byte[100];
        for (int count; (count = connection.reader().readAvailable(piece, 0, piece.length)) >= 0; ) {
            connection.writer().write(piece, 0, count);
            connection.writer().flush();
        }
    }

    @Test
    void input_arrives_inEveryCut() throws Exception {
        byte[] message = "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, RingWireTest::echo);
            try (Socket client = RingClients.connect(server)) {
                for (int first = 1; first < message.length; first++) {
                    for (int second = first; second < message.length; second++) {
                        exchange(client, message, 0, first);
                        exchange(client, message, first, second);
                        exchange(client, message, second, message.length);
                    }
                }
            }
        }
    }

    /** The next part is sent when this one has come back. */
    private static void exchange(Socket client, byte[] message, int from, int to) throws IOException {
        client.getOutputStream().write(message, from, to - from);
        byte[] back = client.getInputStream().readNBytes(to - from);
        assertThat(back).containsExactly(Arrays.copyOfRange(message, from, to));
    }

    @Test
    void responsesArrive_whenTheClientHasEndedItsHalf_before_between_orAfterThem() throws Exception {
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
                    connection.writer().write("got " + line + "\n");
                }
                connection.writer().write("end\n");
            });
            try (Socket before = RingClients.connect(server)) {
                before.shutdownOutput();
                assertThat(RingClients.textToEnd(before.getInputStream())).isEqualTo("end\n");
            }
            try (Socket between = RingClients.connect(server)) {
                say(between, "one\n");
                assertThat(between.getInputStream().readNBytes(8)).asString().isEqualTo("got one\n");
                say(between, "two\nthree\n");
                between.shutdownOutput();
                assertThat(RingClients.textToEnd(between.getInputStream())).isEqualTo("got two\ngot three\nend\n");
            }
            Server first =
                    RingClients.listen(engine, connection -> connection.writer().write("bye\n"));
            try (Socket after = RingClients.connect(first)) {
                assertThat(RingClients.textToEnd(after.getInputStream())).isEqualTo("bye\n");
                after.shutdownOutput();
            }
        }
    }

    @Test
    void read_fails_whenTheClientResetsWhileAReceiveIsUnderWay() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(
                    engine, connection -> failure.complete(catchThrowable(() -> Scene.line(connection))));
            Socket client = RingClients.connect(server);
            Talk.awaitServedWaitingFor(engine, Waiting.MESSAGE);
            RingClients.resetBy(client);
            assertThat(failure.get()).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void write_fails_whenTheClientResetsWhileASendIsUnderWay() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                byte[] much = new byte[1 << 20];
                failure.complete(catchThrowable(() -> {
                    while (true) {
                        connection.writer().write(much);
                    }
                }));
            });
            Socket client = RingClients.connect(server);
            Talk.awaitServedWaitingFor(engine, Waiting.OUTPUT);
            RingClients.resetBy(client);
            assertThat(failure.get()).isInstanceOf(IOException.class);
        }
    }

    /** The receive has ended by its limit, so nobody tells of the reset before the rest is read. */
    @Test
    void bytesBeforeTheReset_canBeRead_whenNothingWasUnderWay() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Long> read = new CompletableFuture<>();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        try (Engine engine = RingClients.engine()) {
            CountDownLatch served = new CountDownLatch(1);
            Server server = RingClients.listen(engine, connection -> {
                served.countDown();
                gate.await();
                read.complete(RingClients.readChecked(connection, 1_000, 20_000));
                failure.complete(catchThrowable(() -> Scene.bytesToEnd(connection)));
            });
            Socket client = RingClients.connect(server);
            served.await();
            RingClients.send(client, 256 * 1024);
            RingClients.resetBy(client);
            gate.countDown();
            assertThat(read.get()).isEqualTo(20_000);
            assertThat(failure.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void clientGetsAReset_whenThisSideResets_whateverIsUnderWay() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CompletableFuture<Connection> served = new CompletableFuture<>();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                switch (connection.reader().read()) {
                    case 'n' -> {
                        served.complete(connection);
                        gate.await();
                        connection.reset();
                    }
                    case 'r' -> resetAside(connection, () -> connection.reader().read());
                    case 's' -> resetAside(connection, () -> connection.writer().write(new byte[64 << 20]));
                    default -> throw new IllegalStateException("expected n, r or s");
                }
            });
            try (Socket none = RingClients.connect(server);
                    Socket receive = RingClients.connect(server);
                    Socket send = RingClients.connect(server)) {
                say(none, "n" + "x".repeat(100_000));
                served.get();
                gate.countDown();
                say(receive, "r");
                say(send, "s");
                for (Socket client : new Socket[] {none, receive, send}) {
                    assertThat(catchThrowable(() -> client.getInputStream().readAllBytes()))
                            .isInstanceOf(IOException.class);
                }
            }
        }
    }

    /** Lets another thread reset the connection while this one waits in a call. */
    private static void resetAside(Connection connection, ThrowingCallable call) {
        Waiting before = connection.info().waitingFor();
        Thread.ofPlatform().start(() -> {
            while (connection.info().waitingFor() == before) {
                Thread.onSpinWait();
            }
            connection.reset();
        });
        assertThat(catchThrowable(call)).isInstanceOf(IOException.class);
    }

    @Test
    void noDescriptorIsLeft_when200ClientsResetWithUnreadResponses() throws Exception {
        int clients = 200;
        AtomicInteger failed = new AtomicInteger();
        try (Engine engine = RingClients.engine()) {
            Server server = RingClients.listen(engine, connection -> {
                byte[] much = new byte[100_000];
                try {
                    while (connection.reader().read() >= 0) {
                        connection.writer().write(much);
                        connection.writer().flush();
                    }
                } catch (IOException e) {
                    failed.incrementAndGet();
                }
            });
            RingClients.all(clients, number -> {
                Socket client = RingClients.connect(server);
                say(client, "x".repeat(1 + number % 50));
                var _ = client.getInputStream().readNBytes(1 + number * 400);
                RingClients.resetBy(client);
            });
            // LeakCheck finds the descriptors.
            while (!engine.connections().isEmpty() || engine.loops().getFirst().connections() > 0) {
                Thread.onSpinWait();
            }
            assertThat(failed).hasPositiveValue();
        }
    }
}
