package dev.thrum.app.talk;

import dev.thrum.base.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * A prompt with editing and history on a terminal; text from the server appears above it.
 *
 * <p>One thread reads lines; others show text and close the prompt.
 */
public final class Prompt implements Chat.Keyboard, Chat.Screen, AutoCloseable {
    private static final String ESCAPE_SEQUENCE = "\033[";

    /** The last byte of such a sequence is this byte or a higher one (ECMA-48, 5.4). */
    private static final int FIRST_FINAL = '@';

    /** Maximum time for the line that is being typed to end. */
    private static final Duration PARTING = Duration.ofSeconds(1);

    private final LineReader reader;

    /** Held by the thread that reads, while it reads a line. */
    private final ReentrantLock reading = new ReentrantLock();

    /** Never reset; no line is read once it is set. */
    private volatile boolean closed;

    private Prompt(LineReader reader) {
        this.reader = reader;
    }

    /**
     * The terminal of this process; an unknown kind is treated as a dumb terminal, without a warning.
     *
     * <p>It is not queried for its capabilities. Otherwise text typed in the meantime would be taken for its reply, and
     * a late reply would be taken for typed text and sent to the server. The price is a misplaced cursor after some
     * emoji.
     */
    static Terminal terminal() throws IOException {
        return TerminalBuilder.builder().dumb(true).graphemeCluster(false).build();
    }

    /**
     * A prompt on this terminal.
     *
     * @param history the file that keeps the typed lines, if any
     */
    public static Prompt open(Terminal terminal, Optional<Path> history) {
        LineReaderBuilder builder =
                LineReaderBuilder.builder().terminal(terminal).option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        LineReader reader = builder.build();
        ignoreUnknownSequences(reader);
        return new Prompt(reader);
    }

    /**
     * Ignores escape sequences of the terminal that no key has, such as a late reply to a program that ran before; they
     * are not typed text.
     */
    private static void ignoreUnknownSequences(LineReader reader) {
        if (reader instanceof LineReaderImpl keys) {
            Widget ignore = () -> {
                int key;
                do {
                    key = keys.readCharacter();
                } while (key >= 0 && key < FIRST_FINAL);
                return true;
            };
            KeyMap<Binding> bindings = Objects.requireNonNull(
                    reader.getKeyMaps().get(LineReader.MAIN), "expected the keys of a line but there are none");
            prefixes(bindings.getBoundKeys().keySet()).forEach(prefix -> bindings.bind(ignore, prefix));
        }
    }

    /** The prefixes of known sequences: a sequence that continues one of them as no known sequence does is unknown. */
    private static Set<String> prefixes(Set<String> known) {
        Set<String> prefixes = new HashSet<>(Set.of(ESCAPE_SEQUENCE));
        for (String sequence : known) {
            for (int end = ESCAPE_SEQUENCE.length(); end < sequence.length(); end++) {
                if (sequence.startsWith(ESCAPE_SEQUENCE)) {
                    prefixes.add(sequence.substring(0, end));
                }
            }
        }
        prefixes.removeAll(known);
        return prefixes;
    }

    /** {@code $XDG_STATE_HOME/thrum/talk-history}, else {@code ~/.thrum/talk-history}; empty if it can't be written. */
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
        reading.lock();
        try {
            if (closed) {
                throw new Chat.Leave();
            }
            return Optional.of(reader.readLine("> "));
        } catch (EndOfFileException e) {
            return Optional.empty();
        } catch (UserInterruptException e) {
            throw new Chat.Leave();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void show(String text) {
        reader.printAbove(Printable.of(text));
    }

    /**
     * Waits at most a second until the reading thread has left its line, which ends the line on the screen and restores
     * the terminal. That thread must have been interrupted.
     */
    @Override
    public void close() {
        closed = true;
        try {
            if (reading.tryLock(PARTING.toNanos(), TimeUnit.NANOSECONDS)) {
                reading.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
