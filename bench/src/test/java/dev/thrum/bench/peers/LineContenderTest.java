package dev.thrum.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.thrum.bench.load.Clients;
import dev.thrum.bench.load.LineDialogue;
import dev.thrum.bench.options.Protocol;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every contender speaks the protocol. Contenders that this machine or this build can't run are skipped, with the
 * reason.
 */
final class LineContenderTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int CONNECTIONS = 4;

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_answersLines_oneByOneAndTogether(Contender contender) throws Exception {
        try (Endpoint server = start(contender);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            say(client, "hello\n");
            assertThat(answers.readLine()).isEqualTo("Echo: hello");
            say(client, "one\ntwo\nthr");
            assertThat(answers.readLine()).isEqualTo("Echo: one");
            assertThat(answers.readLine()).isEqualTo("Echo: two");
            say(client, "ee\n");
            assertThat(answers.readLine()).isEqualTo("Echo: three");
            client.shutdownOutput();
            assertThat(answers.readLine()).isNull();
        }
    }

    /** The generator accepts their answers, too. */
    @ParameterizedTest
    @MethodSource("contenders")
    @EnabledOnOs(OS.LINUX)
    void generator_getsItsLinesAnswered(Contender contender) throws Exception {
        Histogram trips = new Histogram(3);
        try (Endpoint server = start(contender);
                Clients clients = clients(server.port(), CONNECTIONS, trips)) {
            clients.open();
            clients.start();
            clients.end();
        }
        assertThat(trips.getTotalCount()).isEqualTo(2 * CONNECTIONS);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void generator_withAWrongAnswer_throwsWithTheAnswer() throws Exception {
        String wrong = String.format(Locale.ROOT, "Echo: %32s", "not what was sent\n");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Clients clients = clients(server.getLocalPort(), 1, new Histogram(3))) {
            var _ = Thread.ofVirtual().start(() -> answer(server, wrong));

            assertThatThrownBy(clients::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("expected \"Echo: ")
                    .hasMessageContaining("not what was sent");
        }
    }

    private static void answer(ServerSocket server, String text) {
        try (Socket socket = server.accept()) {
            say(socket, text);
            var _ = socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Contender> contenders() {
        return Protocol.LINES.contenders().stream();
    }

    private static Clients clients(int port, int connections, Histogram trips) {
        return new Clients(LineDialogue.plain(connections), port, connections, trips);
    }

    private static Endpoint start(Contender contender) throws Exception {
        try {
            return contender.starter().start(CONNECTIONS);
        } catch (UnsupportedOperationException e) {
            return abort(contender.name() + ": " + e.getMessage());
        }
    }

    private static void say(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
