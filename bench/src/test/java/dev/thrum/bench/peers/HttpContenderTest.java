package dev.thrum.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.thrum.bench.load.Clients;
import dev.thrum.bench.load.Dialogue;
import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.HttpDialogue;
import dev.thrum.bench.load.HttpSample;
import dev.thrum.bench.options.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contender speaks HTTP. Contenders that this machine or this build can't run are skipped, with the reason. */
final class HttpContenderTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int CONNECTIONS = 4;
    private static final int DEPTH = 16;

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_answersBothPaths_onOneConnection(Contender contender) throws Exception {
        try (Endpoint server = start(contender);
                Socket client = connect(server)) {
            say(client, "/plaintext", 1);
            assertThat(answer(client, "Hello, World!").text()).containsIgnoringCase("\r\ncontent-type: text/plain\r\n");
            say(client, "/json", 1);
            assertThat(answer(client, "{\"message\":\"Hello, World!\"}").text())
                    .containsIgnoringCase("\r\ncontent-type: application/json\r\n");
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isNegative();
        }
    }

    @ParameterizedTest
    @MethodSource("contenders")
    void contender_answersSixteenPipelinedRequests(Contender contender) throws Exception {
        try (Endpoint server = start(contender);
                Socket client = connect(server)) {
            say(client, "/plaintext", DEPTH);
            HttpSample first = answer(client, "Hello, World!");
            for (int i = 1; i < DEPTH; i++) {
                assertThat(answer(client, "Hello, World!").matches(first)).isTrue();
            }
        }
    }

    /** The generator accepts their responses, too. */
    @ParameterizedTest
    @MethodSource("contenders")
    @EnabledOnOs(OS.LINUX)
    void generator_getsItsRequestsAnswered(Contender contender) throws Exception {
        try (Endpoint server = start(contender)) {
            for (Exchange exchange : List.of(Exchange.PLAINTEXT, Exchange.JSON, Exchange.PIPELINED)) {
                Histogram trips = new Histogram(3);
                Dialogue dialogue = exchange.dialogue(server.port(), CONNECTIONS);
                try (Clients clients = new Clients(dialogue, server.port(), CONNECTIONS, trips)) {
                    clients.open();
                    clients.start();
                    clients.end();
                    assertThat(clients.answersPerTrip()).isEqualTo(exchange == Exchange.PIPELINED ? DEPTH : 1);
                }
                assertThat(trips.getTotalCount()).isEqualTo(2 * CONNECTIONS);
            }
        }
    }

    @Test
    void generator_withAPathThatDoesNotExist_throwsWithTheStatus() throws Exception {
        try (Endpoint server = NettyServer.nio(NettyHttp::pipeline)) {
            assertThatThrownBy(() -> HttpDialogue.with(server.port(), "/elsewhere", "Hello, World!", 1))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("expected a response with HTTP/1.1 200 but it was: HTTP/1.1 404");
        }
    }

    private static Stream<Contender> contenders() {
        return Stream.concat(Protocol.HTTP.contenders().stream(), Protocol.REST.contenders().stream());
    }

    private static Endpoint start(Contender contender) throws Exception {
        try {
            return contender.starter().start(CONNECTIONS);
        } catch (UnsupportedOperationException e) {
            return abort(contender.name() + ": " + e.getMessage());
        }
    }

    private static Socket connect(Endpoint server) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
        client.setSoTimeout(TIMEOUT_MILLIS);
        return client;
    }

    private static void say(Socket client, String path, int times) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.getOutputStream().write(request.repeat(times).getBytes(StandardCharsets.US_ASCII));
    }

    private static HttpSample answer(Socket client, String body) throws IOException {
        InputStream in = client.getInputStream();
        return HttpSample.read(in, body);
    }
}
