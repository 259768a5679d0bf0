package dev.thrum.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender speaks the protocol; those that this machine or this build can't run are left out, and why. */
final class ContenderTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int CONNECTIONS = 4;

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_answersLinesOneByOneAndTogether(Contender contender) throws Exception {
        try (EchoServer server = start(contender);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setSoTimeout(PATIENCE_MILLIS);
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

    /** The generator finds each of them right, too. */
    @ParameterizedTest
    @MethodSource("contenders")
    @EnabledOnOs(OS.LINUX)
    void generator_getsItsLinesAnswered(Contender contender) throws Exception {
        RoundTrips trips = new RoundTrips();
        try (EchoServer server = start(contender);
                LineClients clients = new LineClients(server.port(), CONNECTIONS, trips)) {
            clients.open();
            clients.start();
            clients.end();
        }
        assertThat(trips.total()).isEqualTo(2 * CONNECTIONS);
    }

    private static Stream<Contender> contenders() {
        return Contender.all().stream();
    }

    private static EchoServer start(Contender contender) throws Exception {
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
