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

/** What handlers and peers may do that no other engine makes anything special of. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class EventHandlersTest {
    private static Engine open(TransportKind transport) {
        return EventEngine.open(
                Available.here(EventOptions.defaults().withLoops(1).withTransport(transport)));
    }

    /** Thousands may be welcomed and never speak: what they wait with counts. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connectionHoldsNoBuffer_whenItsClientWasWelcomedAndHasNotSpoken(TransportKind transport) throws Exception {
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

    /** The reader is its owner's, and that waits: so it is not asked. */
    private static byte[] buffer(Connection connection) throws ReflectiveOperationException {
        Field buffer = ByteReader.class.getDeclaredField("buffer");
        buffer.setAccessible(true);
        return (byte[]) buffer.get(connection.reader());
    }

    /** A connection is its owner's, and the owner may let another thread do the work: one of the loop's or a stranger. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connectionWorks_whenItsHandlerLetsOtherThreadsUseIt(TransportKind transport) throws Exception {
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
    void outputKeepsItsOrder_whenAHandlerLendsItsConnection(TransportKind transport) throws Exception {
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

    /** A read stops short at urgent data, though there is more behind it (telnet's Synch, RFC 854). */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void lineComes_whenUrgentDataStandsInItsMiddle(TransportKind transport) throws Exception {
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

    /** The answer would come by this very loop, so only the interrupt can end the wait. */
    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void connectingFailsAtOnce_whenItsThreadIsInterrupted(TransportKind transport) throws Exception {
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
