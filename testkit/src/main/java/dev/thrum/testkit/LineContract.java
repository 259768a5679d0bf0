package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.LineTooLongException;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Lines: terminators, limits, encodings, and input split at any byte. */
interface LineContract extends Contract {
    /** Lines with either terminator, a two-byte character, an empty line, a block with a line feed, an unterminated line. */
    String REQUEST = "grüße\r\n\nblock 6\na\r\nb\n\nlast\r\nno feed";

    String REPLIES = "<grüße><>[a\r\nb\n\n]<last><no feed>";

    @Test
    default void repliesAreTheSame_whenRequestIsSplitAtAnyByte() throws Exception {
        play(scene -> {
            Server server = scene.listen(LineContract::bracket);
            byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
            for (int cut = 1; cut < request.length; cut++) {
                try (Connection client = scene.connect(server)) {
                    client.writer().write(request, 0, cut);
                    client.writer().flush();
                    scene.untilServedGot(cut);
                    client.writer().write(request, cut, request.length - cut);
                    client.shutdownOutput();
                    assertThat(Scene.textToEnd(client)).as("cut at %d", cut).isEqualTo(REPLIES);
                }
            }
        });
    }

    @Test
    default void repliesAreTheSame_whenRequestArrivesByteByByte() throws Exception {
        play(scene -> {
            Server server = scene.listen(LineContract::bracket);
            try (Connection client = scene.connect(server)) {
                byte[] request = REQUEST.getBytes(StandardCharsets.UTF_8);
                for (int sent = 0; sent < request.length; sent++) {
                    client.writer().write(request[sent]);
                    client.writer().flush();
                    scene.untilServedGot(sent + 1);
                }
                client.shutdownOutput();
                assertThat(Scene.textToEnd(client)).isEqualTo(REPLIES);
            }
        });
    }

    private static void bracket(Connection connection) throws IOException {
        ByteReader reader = connection.reader();
        for (Optional<String> line = reader.readLine(100); line.isPresent(); line = reader.readLine(100)) {
            if (line.get().startsWith("block ")) {
                byte[] block = reader.readExactly(Integer.parseInt(line.get().substring(6)));
                connection.writer().write("[" + new String(block, StandardCharsets.UTF_8) + "]");
            } else {
                connection.writer().write("<" + line.get() + ">");
            }
        }
    }

    @Test
    default void repliesArriveInOrder_whenRequestsArePipelined() throws Exception {
        play(scene -> {
            int requests = scene.size(20_000, 2_000);
            Server server = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            List<String> requested = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                requested.add("request " + i);
            }
            int batch = 100;
            List<String> replies = new ArrayList<>();
            for (int from = 0; from < requests; from += batch) {
                Scene.say(client, String.join("\n", requested.subList(from, from + batch)) + "\n");
                for (int i = 0; i < batch; i++) {
                    replies.add(Scene.line(client));
                }
            }
            assertThat(replies).isEqualTo(requested);
        });
    }

    @Test
    default void lineIsRead_whenItHasExactlyTheMaximumLength() throws Exception {
        assertThat(linesOf("12345\n", 5)).containsExactly("12345");
        assertThat(linesOf("12345\r\n", 5)).containsExactly("12345");
        assertThat(linesOf("12345", 5)).containsExactly("12345");
        // The limit counts bytes: two for the ü.
        assertThat(linesOf("123ü\r\n", 5)).containsExactly("123ü");
        assertThat(linesOf("12345\r\n67890\n", 5)).containsExactly("12345", "67890");
    }

    @Test
    default void lineOfTheMaximumLengthIsRead_whenItsTerminatorArrivesInPieces() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                for (int i = 0; i < 2; i++) {
                    connection.writer().write(connection.reader().readLine(5).orElse("none") + "\n");
                }
            });
            Connection client = scene.connect(server);
            Scene.say(client, "12345");
            scene.untilServedGot(5);
            Scene.say(client, "\r");
            // Until the line feed arrives, the carriage return is one byte too many and could belong to the line.
            scene.untilServedGot(6);
            Scene.say(client, "\n67890");
            scene.untilServedGot(12);
            Scene.say(client, "\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("12345\n67890\n");
        });
    }

    @Test
    default void lineIsRefused_whenItIsOneByteTooLong() throws Exception {
        String refusal = "expected a line of at most 5 bytes but received a longer one";
        assertThat(linesOf("123456\n", 5)).containsExactly(refusal);
        assertThat(linesOf("123456\r\n", 5)).containsExactly(refusal);
        assertThat(linesOf("123456", 5)).containsExactly(refusal);
        assertThat(linesOf("1234ü\n", 5)).containsExactly(refusal);
        assertThat(linesOf("12345\r", 5)).containsExactly(refusal);
        assertThat(linesOf("12345\rx\n", 5)).containsExactly(refusal);
        assertThat(linesOf("ok\n123456\n", 5)).containsExactly("ok", refusal);
    }

    @Test
    default void longLineIsRefusedBeforeItEnds_whenItExceedsTheLimit() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                assertThatThrownBy(() -> connection.reader().readLine(1_000))
                        .isInstanceOfSatisfying(
                                LineTooLongException.class,
                                e -> assertThat(e.maxBytes()).isEqualTo(1_000));
                connection.writer().write("too long\n");
            });
            Connection client = scene.connect(server);
            // No line feed and no end: only the limit can stop the wait for them.
            Scene.say(client, "x".repeat(1_002));
            assertThat(Scene.line(client)).isEqualTo("too long");
        });
    }

    @Test
    default void longLinesAreReadCompletely_whenThereIsNoLimit() throws Exception {
        String longest = "ä".repeat(100_000);
        assertThat(linesOf("a\n" + longest + "\nb\n" + longest, Integer.MAX_VALUE))
                .containsExactly("a", longest, "b", longest);
    }

    @Test
    default void lineHasReplacementCharacters_whenItIsNotUtf8() throws Exception {
        byte[] input = {'a', (byte) 0xff, 'b', '\n', (byte) 0xc3, '\n', 'c', '\n'};
        assertThat(linesOf(input, 10)).containsExactly("a\uFFFDb", "\uFFFD", "c");
    }

    @Test
    default void terminatorsAreRemoved_whenTheyAreMixedOrTheOnlyInput() throws Exception {
        assertThat(linesOf("\n\r\n\r\r\na\rb\n", 10)).containsExactly("", "", "\r", "a\rb");
        assertThat(linesOf("", 10)).isEmpty();
        assertThat(linesOf("last", 10)).containsExactly("last");
        assertThat(linesOf("last\r", 10)).containsExactly("last\r");
    }

    private List<String> linesOf(String input, int maxBytes) throws Exception {
        return linesOf(input.getBytes(StandardCharsets.UTF_8), maxBytes);
    }

    /** The lines that a server reads from this input. If reading fails, the last element is the message of the exception. */
    private List<String> linesOf(byte[] input, int maxBytes) throws Exception {
        CompletableFuture<List<String>> lines = new CompletableFuture<>();
        ConnectionHandler collector = connection -> {
            ByteReader reader = connection.reader();
            List<String> read = new ArrayList<>();
            try {
                for (Optional<String> line = reader.readLine(maxBytes);
                        line.isPresent();
                        line = reader.readLine(maxBytes)) {
                    read.add(line.get());
                }
            } catch (LineTooLongException e) {
                read.add(e.getMessage());
            }
            lines.complete(read);
        };
        play(scene -> {
            Connection client = scene.connect(scene.listen(collector));
            client.writer().write(input);
            client.shutdownOutput();
            lines.get();
        });
        return lines.get();
    }
}
