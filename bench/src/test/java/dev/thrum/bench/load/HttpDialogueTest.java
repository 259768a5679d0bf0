package dev.thrum.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.bench.peers.HttpDate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The generator's checks of the responses of HTTP servers. */
final class HttpDialogueTest {
    private static final String NOON = "Fri, 05 Jun 2026 12:00:00 GMT";
    private static final String LATER = "Fri, 05 Jun 2026 12:00:01 GMT";

    @Test
    void sample_isTheWholeResponse_andHasItsDate() throws IOException {
        HttpSample sample = read(answer(NOON) + "the next one", "hello");

        assertThat(sample.text()).isEqualTo(answer(NOON));
        assertThat(sample.text().substring(sample.date(), sample.dateEnd())).isEqualTo(NOON);
        assertThat(sample.matches(read(answer(LATER), "hello"))).isTrue();
        assertThat(sample.matches(read(answer(NOON).replace("hello", "hallo"), "hallo")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            HTTP/1.1 404 Not Found~~                                          | expected a response with HTTP/1.1 200 but it was: HTTP/1.1 404 Not Found
            HTTP/1.1 200 OK~transfer-encoding: chunked~~5~hello~0~~           | expected a response with Content-Length but it was chunked
            HTTP/1.1 200 OK~Date: now~~hello                                  | expected a response with the header Content-Length
            HTTP/1.1 200 OK~content-length: 5~~hello                          | expected a response with the header Date
            HTTP/1.1 200 OK~content-length: 5~date: now~~hallo                | expected the body "hello" but it was "hallo"
            HTTP/1.1 200 OK~content-length: 5~date: now~~hel                  | expected the body "hello" but it was "hel"
            HTTP/1.1 200 OK~content-length: 5                                 | cut off after: HTTP/1.1 200 OK
            """)
    void sample_ofAResponseThatCannotBeChecked_isRefused(String response, String message) {
        assertThatThrownBy(() -> read(response.replace("~", "\r\n"), "hello"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void sample_ofAHeadThatIsTooLong_isRefused() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nx: " + "y".repeat(10_000), "hello"))
                .hasMessageContaining("of at most 8192 bytes but it was longer: HTTP/1.1 200 OK");
    }

    @Test
    void response_isRight_atAnyTime_andWrongWithADifferentByte() throws IOException {
        HttpDialogue dialogue = learn(answer(NOON), answer(LATER), 2);
        MemorySegment right = segment("..." + answer(LATER) + answer(NOON));
        MemorySegment status = segment("..." + answer(LATER) + answer(NOON).replace("200", "500"));
        MemorySegment header = segment("..." + answer(LATER) + answer(NOON).replace("Server: x", "Server: y"));
        MemorySegment body = segment("..." + answer(LATER).replace("hello", "hallo") + answer(NOON));

        assertThat(dialogue.answerLength()).isEqualTo(2 * answer(NOON).length());
        assertThat(dialogue.looksRight(right, 3)).isTrue();
        assertThat(dialogue.isRight(0, right, 3)).isTrue();
        assertThat(dialogue.looksRight(status, 3)).isFalse();
        assertThat(dialogue.looksRight(body, 3)).isFalse();
        assertThat(dialogue.looksRight(header, 3)).isTrue();
        assertThat(dialogue.isRight(0, header, 3)).isFalse();
    }

    @Test
    void server_whoseResponsesToOneRequestDiffer_isRefused() {
        assertThatThrownBy(() -> learn(answer(NOON), answer(NOON).replace("Server: x", "Server: xx"), 1))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("expected the same response to the same request");
    }

    @Test
    void date_hasTwoDigitsForTheDay() {
        Clock clock = Clock.fixed(Instant.parse("2026-06-05T12:00:00Z"), ZoneOffset.UTC);

        assertThat(new HttpDate(clock).value().toString()).isEqualTo(NOON);
    }

    private static String answer(String date) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\ndate:  " + date + "\r\nServer: x\r\n\r\nhello";
    }

    private static HttpSample read(String text, String body) throws IOException {
        return HttpSample.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)), body);
    }

    private static MemorySegment segment(String text) {
        return MemorySegment.ofArray(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A dialogue with a server that sends these two responses. */
    private static HttpDialogue learn(String first, String second, int depth) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var _ = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write((first + second).getBytes(StandardCharsets.ISO_8859_1));
                    var _ = socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return HttpDialogue.with(server.getLocalPort(), "/", "hello", depth);
        }
    }
}
