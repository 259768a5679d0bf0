package dev.thrum.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.thrum.bench.load.Receivers;
import dev.thrum.bench.options.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender broadcasts, and the generator notices a wrong line. */
final class PushContenderTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int RECEIVERS = 70;
    private static final String FIRST = "line 100000 is sent to everyone who is here at this moment now.\n";

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_sendsTheLinesOfACommand_toThoseWhoJoined(Contender contender) throws Exception {
        try (Endpoint server = start(contender);
                Socket asking = connect(server);
                Socket receiver = connect(server);
                Socket left = connect(server)) {
            BufferedReader lines = reader(receiver);
            BufferedReader others = reader(left);
            say(receiver, "join\n");
            assertThat(lines.readLine()).isEqualTo("joined");
            say(left, "join\nleave\n");
            assertThat(others.readLine()).isEqualTo("joined");
            assertThat(others.readLine()).isEqualTo("left");
            say(asking, "broadcast 4095 2\n");
            assertThat(lines.readLine()).startsWith("line 104095 is").hasSize(63);
            assertThat(lines.readLine() + "\n").isEqualTo(FIRST);
            left.shutdownOutput();
            assertThat(others.readLine()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    @EnabledOnOs(OS.LINUX)
    void receivers_getEveryLine_alsoAfterSomeHaveLeft(Contender contender) throws Exception {
        Histogram delays = new Histogram(3);
        try (Endpoint server = start(contender);
                Receivers receivers = new Receivers(server.port(), delays)) {
            receivers.resize(RECEIVERS);
            receivers.broadcast(1);
            receivers.broadcast(16);
            receivers.resize(1);
            // More lines than the generator has texts.
            for (int i = 0; i < 1_100; i++) {
                receivers.broadcast(4);
            }
            receivers.resize(RECEIVERS);
            receivers.broadcast(1);
        }
        assertThat(delays.getTotalCount()).isEqualTo(2 * RECEIVERS + 1_100 + RECEIVERS);
    }

    /** A server's answer to a receiver that joins, and what it sends on its two connections after the first command. */
    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource(delimiter = '|', textBlock = """
            lost~        |         |      | expected "joined
            joined~more~ |         |      | expected "joined
            joined~      | LINE~LINE~ | | expected "line 100000
            joined~      | LINE    | oh~  | expected nothing on connection 0 but was "oh
            joined~      | line 10 |      | expected more input on connection 1 but the server ended it
            joined~      | line 11 |      | on connection 1 but was "line 11"
            joined~      |         |      | expected more input on connection 1 but the server ended it
            """)
    void receivers_withAServerThatErrs_throwWithWhatArrived(
            String answer, @Nullable String line, @Nullable String other, String message) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
                Receivers receivers = new Receivers(server.getLocalPort(), new Histogram(3))) {
            var _ = Thread.ofVirtual().start(() -> err(server, text(answer), text(line), text(other)));

            assertThatThrownBy(() -> {
                        receivers.resize(1);
                        receivers.broadcast(1);
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(message);
        }
    }

    private static String text(@Nullable String shorthand) {
        return shorthand == null ? "" : shorthand.replace("LINE", FIRST.strip()).replace("~", "\n");
    }

    private static void err(ServerSocket server, String answer, String line, String other) {
        try (Socket asking = server.accept();
                Socket receiver = server.accept()) {
            var _ = reader(receiver).readLine();
            say(receiver, answer);
            var _ = reader(asking).readLine();
            say(asking, other);
            say(receiver, line);
            receiver.shutdownOutput();
            var _ = asking.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The receivers have closed their connections first.
        }
    }

    private static Stream<Contender> contenders() {
        return Protocol.PUSH.contenders().stream();
    }

    private static Endpoint start(Contender contender) throws Exception {
        try {
            return contender.starter().start(RECEIVERS);
        } catch (UnsupportedOperationException e) {
            return abort(contender.name() + ": " + e.getMessage());
        }
    }

    private static Socket connect(Endpoint server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
