package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;

/** The steps that the scenarios of the contract share. */
public final class Scene {
    static final Duration CONNECT_PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_LINE = 10_000;

    private final EngineUnderTest under;

    Scene(EngineUnderTest under) {
        this.under = under;
    }

    EngineUnderTest under() {
        return under;
    }

    Engine engine() {
        return under.engine();
    }

    /** A size for real sockets, or the smaller one that is enough where buffers are smaller. */
    int size(int real, int small) {
        return under.small() ? small : real;
    }

    Server listen(ConnectionHandler handler) throws IOException {
        return listen(handler, Limits.defaults());
    }

    /** A server whose handler may assert: any exception of the handler but an {@code IOException} fails the scenario. */
    Server listen(ConnectionHandler handler, Limits limits) throws IOException {
        return engine().listen(under.anyAddress(), watched(handler), limits);
    }

    /** A handler that may assert: any exception but an {@code IOException} fails the scenario. */
    ConnectionHandler watched(ConnectionHandler handler) {
        return new ConnectionHandler() {
            @Override
            public void handle(Connection connection) throws Exception {
                try {
                    handler.handle(connection);
                } catch (RuntimeException | Error e) {
                    under.fork("a handler that failed", () -> {
                        throw e;
                    });
                    throw e;
                }
            }

            @Override
            public byte[] refusal(Refusal reason) {
                return handler.refusal(reason);
            }
        };
    }

    /** A client of this server; the scenario need not close it. */
    Connection connect(Server server) throws IOException {
        return engine().connect(server.address(), CONNECT_PATIENCE);
    }

    /** Requires that this server refuses a client with these words, or with an alert if connections are encrypted. */
    void requireRefusal(Server server, String words) throws IOException {
        if (under.encrypted()) {
            assertThatThrownBy(() -> connect(server))
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("internal_error");
        } else {
            assertThat(textToEnd(connect(server))).isEqualTo(words);
        }
    }

    /** A conversation with this server, carried by the engine; its handler may assert. */
    @CanIgnoreReturnValue
    Connection connect(Server server, ConnectionHandler handler) throws IOException {
        return engine().connect(server.address(), CONNECT_PATIENCE, watched(handler));
    }

    @CanIgnoreReturnValue
    CompletableFuture<Void> fork(String name, EngineUnderTest.Task task) {
        return under.fork(name, task);
    }

    void until(String what, BooleanSupplier condition) {
        under.until(what, condition);
    }

    /** Lets the engine's time pass. */
    void pause(Duration duration) throws InterruptedException {
        engine().clock().sleep(duration);
    }

    /** The connections that servers have accepted. */
    List<ConnectionInfo> served() {
        return connections(Side.SERVED);
    }

    /** The connections that clients have opened. */
    List<ConnectionInfo> opened() {
        return connections(Side.OPENED);
    }

    private List<ConnectionInfo> connections(Side side) {
        return engine().connections().stream().filter(c -> c.side() == side).toList();
    }

    /** Waits until the only served connection waits for this. */
    ConnectionInfo untilServedWaitsFor(Waiting what) {
        until(
                "one served connection to wait for " + what,
                () -> served().size() == 1 && served().getFirst().waitingFor() == what);
        return served().getFirst();
    }

    /** Waits until the only served connection has received this number of bytes. */
    void untilServedGot(long bytes) {
        until(
                "one served connection to receive " + bytes + " bytes",
                () -> served().size() == 1 && served().getFirst().bytesIn() == bytes);
    }

    /** Waits for all of these to end. */
    static void awaitAll(List<CompletableFuture<Void>> forks) throws InterruptedException, ExecutionException {
        for (CompletableFuture<Void> fork : forks) {
            fork.get();
        }
    }

    /** Writes a text and flushes. */
    public static void say(Connection connection, String text) throws IOException {
        connection.writer().write(text);
        connection.writer().flush();
    }

    /** The next line, or {@code <end>}. */
    public static String line(Connection connection) throws IOException {
        return connection.reader().readLine(LONGEST_LINE).orElse("<end>");
    }

    /** Everything up to the end of the stream. */
    public static byte[] bytesToEnd(Connection connection) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[64 * 1024];
        for (int count; (count = connection.reader().readAvailable(chunk, 0, chunk.length)) >= 0; ) {
            all.write(chunk, 0, count);
        }
        return all.toByteArray();
    }

    /** Everything up to the end of the stream, as text. */
    public static String textToEnd(Connection connection) throws IOException {
        return new String(bytesToEnd(connection), StandardCharsets.UTF_8);
    }

    /**
     * Everything up to the end of the stream or its reset. If a client keeps sending after the server has ended its input,
     * its kernel may get a reset instead of an end; output sent before that still arrives.
     */
    static String textToEndOrReset(Connection connection) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int value; (value = connection.reader().read()) >= 0; ) {
                all.write(value);
            }
        } catch (IOException e) {
            // The reset.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    /** Bytes in which any few in a row differ from those next to them, so that a wrong offset is detected. */
    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) ((i * 31) ^ (i >>> 8) ^ (i >>> 16));
        }
        return bytes;
    }

    /** Echoes every line until the client ends. */
    static void echoLines(Connection connection) throws IOException {
        for (String line = line(connection); !line.equals("<end>"); line = line(connection)) {
            connection.writer().write(line + "\n");
        }
    }
}
