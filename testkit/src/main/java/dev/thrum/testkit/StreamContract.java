package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Reading and writing bytes: blocks, available input, and when written bytes are sent. */
interface StreamContract extends Contract {
    @Test
    default void bufferedBytesAreSent_whenHandlerWaitsForInput() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.writer().write("name?\n");
                String name = Scene.line(connection);
                connection.writer().write("hello ");
                connection.writer().write(name + "\n");
                connection.reader().readExactly(1);
                connection.writer().write("available?\n");
                connection.reader().readAvailable(new byte[10], 0, 10);
                connection.writer().write("await?\n");
                connection.reader().await();
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("name?");
            Scene.say(client, "Ada\n");
            assertThat(Scene.line(client)).isEqualTo("hello Ada");
            Scene.say(client, "x");
            assertThat(Scene.line(client)).isEqualTo("available?");
            Scene.say(client, "x");
            assertThat(Scene.line(client)).isEqualTo("await?");
        });
    }

    @Test
    default void bufferedBytesAreNotSent_untilHandlerFlushes() throws Exception {
        play(scene -> {
            CompletableFuture<Void> checked = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.writer().write("a");
                connection.writer().write("b".getBytes(StandardCharsets.UTF_8));
                connection.writer().write('c');
                checked.get();
                connection.writer().flush();
                connection.reader().await();
            });
            Connection client = scene.connect(server);
            scene.until("the conversation to begin", () -> scene.served().size() == 1);
            assertThat(scene.served().getFirst().bytesOut()).isZero();
            checked.complete(null);
            assertThat(client.reader().readExactly(3)).asString().isEqualTo("abc");
        });
    }

    @Test
    default void bufferedBytesAreSent_whenHandlerEnds() throws Exception {
        play(scene -> {
            Server server =
                    scene.listen(connection -> connection.writer().write("goodbye " + Scene.line(connection) + "\n"));
            Connection client = scene.connect(server);
            Scene.say(client, "Ada\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("goodbye Ada\n");
        });
    }

    @Test
    default void writesOfAllSizesArriveInOrder() throws Exception {
        play(scene -> {
            byte[] sent = Scene.pattern(400_000);
            Server server = scene.listen(connection -> {
                int size = 1;
                for (int from = 0; from < sent.length; from += size, size = size * 3 / 2 + 1) {
                    size = Math.min(size, sent.length - from);
                    connection.writer().write(sent, from, size);
                }
            });
            assertThat(Scene.bytesToEnd(scene.connect(server))).isEqualTo(sent);
        });
    }

    @Test
    default void blockIsReadCompletely_whenItArrivesInPieces() throws Exception {
        play(scene -> {
            byte[] sent = Scene.pattern(200_000);
            CompletableFuture<byte[]> read = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                // A line first, so that a part of the block is in the reader's buffer already.
                Scene.line(connection);
                read.complete(connection.reader().readExactly(sent.length));
                assertThat(connection.reader().readExactly(0)).isEmpty();
                assertThat(connection.reader().read()).isEqualTo(-1);
            });
            Connection client = scene.connect(server);
            Scene.say(client, "block\n");
            for (int from = 0; from < sent.length; from += 777) {
                client.writer().write(sent, from, Math.min(777, sent.length - from));
                client.writer().flush();
            }
            client.shutdownOutput();
            assertThat(read.get()).isEqualTo(sent);
        });
    }

    @Test
    default void readExactlyFails_whenStreamEndsTooEarly() throws Exception {
        play(scene -> {
            CompletableFuture<Void> checked = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThatThrownBy(() -> connection.reader().readExactly(4))
                        .isInstanceOf(EOFException.class)
                        .hasMessage("expected 4 bytes but the stream ended after 3");
                assertThatThrownBy(() -> connection.reader().readExactly(1)).isInstanceOf(EOFException.class);
                assertThat(connection.reader().read()).isEqualTo(-1);
                assertThat(connection.reader().await()).isFalse();
                assertThat(connection.reader().readLine(10)).isEmpty();
                assertThat(connection.reader().readAvailable(new byte[1], 0, 1)).isEqualTo(-1);
                checked.complete(null);
            });
            Connection client = scene.connect(server);
            Scene.say(client, "abc");
            client.shutdownOutput();
            checked.get();
        });
    }

    @Test
    default void singleBytesAreUnsigned_whenTheyAreRead() throws Exception {
        play(scene -> {
            CompletableFuture<List<Integer>> read = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                List<Integer> bytes = new ArrayList<>();
                for (int value; (value = connection.reader().read()) >= 0; ) {
                    bytes.add(value);
                }
                read.complete(bytes);
            });
            Connection client = scene.connect(server);
            for (int value : new int[] {0, 127, 128, 255, 256, -1}) {
                client.writer().write(value);
            }
            client.shutdownOutput();
            assertThat(read.get()).containsExactly(0, 127, 128, 255, 0, 255);
        });
    }

    @Test
    default void readAvailableReturnsWhatHasArrived_whenMoreIsRequested() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                byte[] target = new byte[100];
                for (int count; (count = connection.reader().readAvailable(target, 10, 80)) >= 0; ) {
                    assertThat(count).isPositive();
                    connection.writer().write(new String(target, 10, count, StandardCharsets.UTF_8) + ".\n");
                }
            });
            Connection client = scene.connect(server);
            Scene.say(client, "Zack");
            assertThat(Scene.line(client)).isEqualTo("Zack.");
            Scene.say(client, "Ada");
            assertThat(Scene.line(client)).isEqualTo("Ada.");
            Scene.say(client, "x".repeat(90));
            int received = 0;
            while (received < 90) {
                int piece = Scene.line(client).length() - 1;
                assertThat(piece).isBetween(1, 80);
                received += piece;
            }
            assertThat(received).isEqualTo(90);
            client.shutdownOutput();
            assertThat(Scene.line(client)).isEqualTo("<end>");
        });
    }

    @Test
    default void readAvailableCombinesBufferAndNetwork_whenALineWasReadBefore() throws Exception {
        play(scene -> {
            CompletableFuture<String> read = new CompletableFuture<>();
            CompletableFuture<Void> checked = new CompletableFuture<>();
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                ByteReader reader = connection.reader();
                Scene.line(connection);
                assertThat(reader.available()).isEqualTo(3);
                checked.complete(null);
                sent.get();
                scene.under().until("the rest to arrive", () -> available(reader) == 6);
                byte[] target = new byte[10];
                int count = reader.readAvailable(target, 0, 10);
                read.complete(new String(target, 0, count, StandardCharsets.UTF_8));
            });
            Connection client = scene.connect(server);
            // In one write, so that what follows the line is in the reader's buffer.
            Scene.say(client, "line\nabc");
            checked.get();
            Scene.say(client, "def");
            sent.complete(null);
            assertThat(read.get()).isEqualTo("abcdef");
        });
    }

    private static int available(ByteReader reader) {
        try {
            return reader.available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    default void awaitDoesNotConsumeTheByte() throws Exception {
        play(scene -> {
            CompletableFuture<String> read = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThat(connection.reader().await()).isTrue();
                assertThat(connection.reader().await()).isTrue();
                read.complete(Scene.line(connection));
            });
            Connection client = scene.connect(server);
            Scene.say(client, "abc\n");
            assertThat(read.get()).isEqualTo("abc");
        });
    }

    @Test
    default void parserReadsBytesInPlace_withFragmentsOfAnySize() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                ByteReader reader = connection.reader();
                StringBuilder seen = new StringBuilder();
                int parsed = 0;
                do {
                    for (int i = reader.position() + parsed; i < reader.limit(); i++) {
                        seen.append((char) reader.array()[i]);
                    }
                    parsed = reader.limit() - reader.position();
                } while (parsed < 3_000 && reader.awaitMore());
                assertThatThrownBy(() -> reader.skip(3_001)).hasMessageContaining("0 to 3000");
                reader.skip(2_999);
                assertThat(reader.read()).isEqualTo('!');
                assertThat(reader.awaitMore()).isFalse();
                connection.writer().writeLatin1(seen.toString());
                connection.writer().writeLatin1("\u00e9".repeat(10_000));
            });
            Connection client = scene.connect(server);
            String text = "abcdefghi-".repeat(299) + "abcdefghi!";
            for (int from = 0, size = 1; from < text.length(); from += size, size = size * 2 + 1) {
                Scene.say(client, text.substring(from, Math.min(from + size, text.length())));
            }
            client.shutdownOutput();
            assertThat(new String(Scene.bytesToEnd(client), StandardCharsets.ISO_8859_1))
                    .isEqualTo(text + "\u00e9".repeat(10_000));
        });
    }

    @Test
    default void connectionIsQuiet_untilInputArrives() throws Exception {
        play(scene -> {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            CompletableFuture<Void> checked = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThat(Scene.line(connection)).isEqualTo("hello");
                assertThat(connection.reader().isQuiet()).isTrue();
                checked.complete(null);
                sent.get();
                scene.until("the input to be noticed", () -> !quiet(connection));
                assertThat(Scene.line(connection)).isEqualTo("unsolicited");
            });
            Connection client = scene.connect(server);
            Scene.say(client, "hello\n");
            checked.get();
            Scene.say(client, "unsolicited\n");
            sent.complete(null);
            assertThat(Scene.line(client)).isEqualTo("<end>");
        });
    }

    @Test
    default void connectionIsQuiet_untilItsPeerEnds() throws Exception {
        play(scene -> {
            CompletableFuture<Void> checked = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThat(quiet(connection)).isTrue();
                assertThat(connection.hasEnded()).isFalse();
                connection.writer().write("welcome\n");
                connection.writer().flush();
                // The check must not consume the input.
                scene.until("a line to be noticed", () -> !quiet(connection));
                assertThat(connection.hasEnded()).isFalse();
                assertThat(Scene.line(connection)).isEqualTo("line");
                assertThat(quiet(connection)).isTrue();
                checked.complete(null);
                scene.until("the end to be noticed", () -> !quiet(connection));
                assertThat(connection.hasEnded()).isTrue();
                // The peer has ended only its own half.
                connection.writer().write("bye\n");
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("welcome");
            assertThat(quiet(client)).isTrue();
            Scene.say(client, "line\n");
            checked.get();
            assertThat(client.hasEnded()).isFalse();
            client.shutdownOutput();
            assertThat(Scene.line(client)).isEqualTo("bye");
            // The server has closed.
            scene.until("the end to be noticed", () -> !quiet(client));
            scene.until("the end to be reported", () -> ended(client));
            assertThat(Scene.line(client)).isEqualTo("<end>");
        });
    }

    @Test
    default void connectionIsNotQuiet_whenItsPeerHasResetIt() throws Exception {
        play(scene -> {
            CompletableFuture<Void> noticed = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThat(Scene.line(connection)).isEqualTo("hello");
                scene.until("the reset to be noticed", () -> !quiet(connection));
                scene.until("the reset to be reported", () -> ended(connection));
                noticed.complete(null);
            });
            Connection client = scene.connect(server);
            Scene.say(client, "hello\n");
            scene.untilServedGot("hello\n".length());
            client.reset();
            noticed.get();
        });
    }

    private static boolean ended(Connection connection) {
        try {
            return connection.hasEnded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean quiet(Connection connection) {
        try {
            return connection.reader().isQuiet();
        } catch (IOException e) {
            // A reset counts as input.
            return false;
        }
    }
}
