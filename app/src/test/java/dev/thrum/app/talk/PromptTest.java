package dev.thrum.app.talk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The prompt of {@code thrum talk}, on a terminal made of streams. */
@Timeout(60)
final class PromptTest {
    @TempDir
    private Path folder;

    @Test
    void typedLines_areSent_andKeptInTheHistory_andRepliesAreShown() throws Exception {
        Path history =
                Prompt.history(Map.of("XDG_STATE_HOME", folder.toString())).orElseThrow();
        assertThat(history).isEqualTo(folder.resolve("thrum/talk-history"));
        assertThat(talk("hello\nquit\n", Optional.of(history)))
                .contains("got hello")
                .contains("got quit");
        assertThat(Files.readString(history)).contains("hello").contains("quit");
    }

    @Test
    void prompt_works_whenTheHistoryCannotBeKept() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThat(Prompt.history(Map.of("XDG_STATE_HOME", file.toString()))).isEmpty();
        assertThat(talk("hello\nquit\n", Optional.of(file.resolve("below a file"))))
                .contains("got hello");
    }

    @Test
    void endOfInput_halfCloses() throws Exception {
        assertThat(talk("hello\n", Optional.empty())).contains("got hello").contains("end seen");
    }

    /** As on a slow line: replies to queries of another program arrive while a line is typed. */
    @ParameterizedTest
    @ValueSource(strings = {"dumb", "xterm-256color"})
    void lateRepliesOfTheTerminal_areNotTakenAsTyped(String terminal) throws Exception {
        String deviceAttributes = "\033[?62;22c";
        String cursorPosition = "\033[12;40R";
        String mode = "\033[?2026;2$y";
        String keyboard = "\033[?0u";
        String screen = talk(
                terminal,
                deviceAttributes + "hel" + cursorPosition + "lo" + mode + keyboard + "\nquit\n",
                Optional.empty());
        assertThat(screen).contains("got hello").contains("got quit");
    }

    @Test
    void editingKeys_editTheLine() throws Exception {
        String left = "\033OD";
        String delete = "\033[3~";
        String wordLeft = "\033[1;5D";
        String pasted = "\033[200~or\033[201~";
        assertThat(talk(
                        "xterm-256color",
                        "more wxd" + left + left + delete + pasted + wordLeft + "no \nquit\n",
                        Optional.empty()))
                .contains("got more no word");
    }

    /** Types these keys, connected to a server that reports each line; returns the screen. */
    private static String talk(String keys, Optional<Path> history) throws Exception {
        return talk("dumb", keys, history);
    }

    private static String talk(String type, String keys, Optional<Path> history) throws Exception {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Engine engine = Engine.virtual();
                Connection connection = engine.connect(
                        new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), Duration.ofSeconds(30));
                Socket accepted = server.accept();
                Terminal terminal = TerminalBuilder.builder()
                        .streams(new ByteArrayInputStream(keys.getBytes(StandardCharsets.UTF_8)), screen)
                        .type(type)
                        .graphemeCluster(false)
                        .encoding(StandardCharsets.UTF_8)
                        .build()) {
            CompletableFuture<Void> serving = CompletableFuture.runAsync(() -> serve(accepted));
            Prompt prompt = Prompt.open(terminal, history);
            new Chat(connection, Framing.LINES, Duration.ofSeconds(30), prompt).run(prompt);
            serving.join();
        }
        return screen.toString(StandardCharsets.UTF_8);
    }

    private static void serve(Socket client) {
        try (client) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                client.getOutputStream().write(("got " + line + "\n").getBytes(StandardCharsets.UTF_8));
                if (line.equals("quit")) {
                    return;
                }
            }
            client.getOutputStream().write("end seen\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
