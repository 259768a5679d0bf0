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
 * A prompt with editing and history on a terminal; what the server says appears above it.
 *
 * <p>One thread reads lines; others show text and close the prompt.
 */
public final class Prompt implements Chat.Keyboard, Chat.Screen, AutoCloseable {
    private static final String ESCAPE_SEQUENCE = "\033[";

    /** The last byte of such a sequence is this one or one of those that come after it (ECMA-48, 5.4). */
    private static final int FIRST_FINAL = '@';

    /** How long the line that is being typed may take to end. */
    private static final Duration PARTING = Duration.ofSeconds(1);

    private final LineReader reader;

    /** Held by the thread that reads, while it reads a line. */
    private final ReentrantLock reading = new ReentrantLock();

    /** Only ever set; no line is read from then on. */
    private volatile boolean closed;

    private Prompt(LineReader reader) {
        this.reader = reader;
    }

    /**
     * The terminal of this process; one that is not known is taken for one that can't do anything, without a word.
     *
     * <p>It is asked nothing about what it can do. What is typed meanwhile would be taken for its reply, and a reply that is
     * late for what is typed, and be sent to the server. The price is a cursor that is misplaced after some emoji.
     */
    static Terminal terminal() throws IOException {
        return TerminalBuilder.builder().dumb(true).graphemeCluster(false).build();
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
        LineReader reader = builder.build();
        ignoreUnknownSequences(reader);
        return new Prompt(reader);
    }

    /**
     * Whatever a terminal sends that is no key of those that are known, such as a reply to a program that ran before, is not
     * typed text.
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

    /** How known sequences begin: where one goes on as none of them does, it is not known. */
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
     * Waits, at most a second, until the thread that reads has left its line, which ends the line on the screen and gives the
     * terminal back as it was. That thread must have been interrupted.
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
