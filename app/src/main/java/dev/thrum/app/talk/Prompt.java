package dev.thrum.app.talk;

import dev.thrum.base.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** A prompt with editing and history on a terminal; what the server says appears above it. */
public final class Prompt implements Chat.Keyboard, Chat.Screen {
    private final LineReader reader;

    private Prompt(LineReader reader) {
        this.reader = reader;
    }

    /** The terminal of this process; one that is not known is taken for one that can't do anything, without a word. */
    static Terminal terminal() throws IOException {
        return TerminalBuilder.builder().dumb(true).build();
    }

    /**
     * A prompt on this terminal.
     *
     * @param history the file that keeps what was typed, if any
     */
    public static Prompt open(Terminal terminal, Optional<Path> history) {
        LineReaderBuilder builder =
                LineReaderBuilder.builder().terminal(terminal).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        return new Prompt(builder.build());
    }

    /** {@code $XDG_STATE_HOME/thrum/talk-history}, else {@code ~/.thrum/talk-history}; none where that can't be. */
    static Optional<Path> history(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path folder = state.isEmpty()
                ? Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")), ".thrum")
                : Path.of(state, "thrum");
        try {
            Files.createDirectories(folder);
            return Files.isWritable(folder) ? Optional.of(folder.resolve("talk-history")) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> next() throws IOException {
        try {
            return Optional.of(reader.readLine("> "));
        } catch (EndOfFileException e) {
            return Optional.empty();
        } catch (UserInterruptException e) {
            throw new Chat.Leave();
        }
    }

    @Override
    public void show(String text) {
        reader.printAbove(Printable.of(text));
    }
}
