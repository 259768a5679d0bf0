package dev.thrum.events;

import static dev.thrum.testkit.Scene.line;
import static dev.thrum.testkit.Scene.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Server;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behaviour of handlers and peers that needs special care only on this engine. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class EventHandlersTest {
    private static Engine open(TransportKind transport) {
        return EventEngine.open(
                Available.here(EventOptions.defaults().withLoops(1).withTransport(transport)));
    }

    /** Thousands of clients may get a welcome and never send anything, so the memory of each one counts. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connection_holdsNoBuffer_whenItsClientGotAWelcomeAndHasSentNothing(TransportKind transport) throws Exception {
        try (Engine engine = open(transport)) {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            CompletableFuture<Thread> handler = new CompletableFuture<>();
            Server server = Talk.listen(engine, connection -> {
                connection.writer().write("welcome\n");
                served.complete(connection);
                handler.complete(Thread.currentThread());
                connection.writer().write("heard " + line(connection) + "\n");
            });
            try (Connection client = Talk.connect(engine, server)) {
                assertThat(line(client)).isEqualTo("welcome");
                Talk.awaitServedWaitingFor(engine, Waiting.MESSAGE);
                while (handler.get().getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                assertThat(buffer(served.get())).isEmpty();
                say(client, "hello\n");
                assertThat(line(client)).isEqualTo("heard hello");
            }
        }
    }

    /** Read by reflection, because only its owner may use the reader, and the owner waits. */
    private static byte[] buffer(Connection connection) throws ReflectiveOperationException {
        Field buffer = ByteReader.class.getSuperclass().getDeclaredField("buffer");
        buffer.setAccessible(true);
        return (byte[]) buffer.get(connection.reader());
    }

    /** The owner of a connection may let another thread use it: a virtual thread of the loop or any other thread. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connection_works_whenItsHandlerLetsOtherThreadsUseIt(TransportKind transport) throws Exception {
        try (Engine engine = open(transport)) {
            Server server = Talk.listen(engine, connection -> {
                String first = inThread(Thread.ofVirtual(), connection);
                String second = inThread(Thread.ofPlatform(), connection);
                connection.writer().write(first + ", " + second + "\n");
            });
            try (Connection client = Talk.connect(engine, server)) {
                Talk.awaitServedWaitingFor(engine, Waiting.MESSAGE);
                say(client, "one\n");
                assertThat(line(client)).isEqualTo("one?");
                say(client, "two\n");
                assertThat(line(client)).isEqualTo("two?");
                assertThat(line(client)).isEqualTo("one, two");
            }
        }
    }

    private static String inThread(Thread.Builder builder, Connection connection)
            throws InterruptedException, ExecutionException {
        CompletableFuture<String> said = new CompletableFuture<>();
        connection.releaseOwnership();
        builder.start(() -> {
                    try {
                        String line = line(connection);
                        say(connection, line + "?\n");
                        connection.releaseOwnership();
                        said.complete(line);
                    } catch (IOException | RuntimeException e) {
                        said.completeExceptionally(e);
                    }
                })
                .join();
        return said.get();
    }

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void output_keepsItsOrder_whenAHandlerLendsItsConnection(TransportKind transport) throws Exception {
        try (Engine engine = open(transport)) {
            Server server = Talk.listen(engine, connection -> {
                for (int i = 0; i < 100; i += 2) {
                    int number = i;
                    connection.releaseOwnership();
                    Thread lent = Thread.ofVirtual().start(() -> sayQuietly(connection, number));
                    lent.join();
                    sayQuietly(connection, number + 1);
                }
            });
            try (Connection client = Talk.connect(engine, server)) {
                for (int i = 0; i < 100; i++) {
                    assertThat(line(client)).isEqualTo("line " + i);
                }
                assertThat(line(client)).isEqualTo("<end>");
            }
        }
    }

    private static void sayQuietly(Connection connection, int number) {
        try {
            say(connection, "line " + number + "\n");
            connection.releaseOwnership();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A read stops before urgent data, although more data follows it (telnet's Synch, RFC 854). */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void line_arrives_whenUrgentDataIsInItsMiddle(TransportKind transport) throws Exception {
        try (Engine engine = open(transport)) {
            Server server =
                    Talk.listen(engine, connection -> connection.writer().write("got " + line(connection) + "\n"));
            try (Socket client = new Socket(
                    InetAddress.getLoopbackAddress(), server.address().getPort())) {
                client.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
                client.sendUrgentData('!');
                client.getOutputStream().write("def\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(client.getInputStream().readNBytes(11)).asString().isEqualTo("got abcdef\n");
            }
        }
    }

    /** The same loop would have to complete the connection, so only the interrupt can end the wait. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connect_failsAtOnce_whenItsThreadIsInterrupted(TransportKind transport) throws Exception {
        try (Engine engine = open(transport)) {
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = Talk.listen(engine, connection -> {
                Thread.currentThread().interrupt();
                seen.complete(catchThrowable(() -> engine.connect(connection.local(), Duration.ofDays(1))));
            });
            try (Connection _ = Talk.connect(engine, server)) {
                assertThat(seen.get()).isInstanceOf(ClosedByInterruptException.class);
            }
        }
    }
}
