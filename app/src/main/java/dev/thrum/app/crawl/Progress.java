package dev.thrum.app.crawl;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Draws progress on the terminal, if there is one, ten times a second; without one, it only writes what waits in the buffer of
 * the screen. It has a thread of its own, which ends with {@link #close}.
 */
final class Progress implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofMillis(100);
    private static final int USUAL_WIDTH = 80;
    private static final int USUAL_HEIGHT = 24;

    private final Screen screen;
    private final Tally tally;
    private final Clock clock;
    private final @Nullable Terminal terminal;
    private final ProgressLines lines;
    private final Thread thread;

    private volatile boolean closed;

    private Progress(Screen screen, Tally tally, Clock clock, @Nullable Terminal terminal) {
        this.screen = screen;
        this.tally = tally;
        this.clock = clock;
        this.terminal = terminal;
        this.lines = new ProgressLines(clock.nanoTime());
        this.thread = Threads.daemon("thrum-progress", this::run);
    }

    /** Begins to draw this tally. */
    static Progress start(Screen screen, Tally tally, Clock clock) {
        Progress progress = new Progress(screen, tally, clock, terminal());
        progress.thread.start();
        return progress;
    }

    /** The terminal that input and output are connected with; null if there is none that can move the cursor. */
    static @Nullable Terminal terminal() {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            return null;
        }
        try {
            Terminal found = TerminalBuilder.builder()
                    .dumb(true)
                    .nativeSignals(false)
                    .graphemeCluster(false)
                    .build();
            if (!found.getType().startsWith(Terminal.TYPE_DUMB)) {
                return found;
            }
            found.close();
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The width of the terminal, if there is one. */
    static OptionalInt width() {
        Terminal found = terminal();
        try {
            return found == null
                    ? OptionalInt.empty()
                    : OptionalInt.of(size(found).getColumns());
        } finally {
            close(found);
        }
    }

    private void run() {
        try {
            while (!closed) {
                clock.sleep(PERIOD);
                if (terminal == null) {
                    screen.flush();
                } else if (!closed) {
                    draw(terminal);
                }
            }
        } catch (InterruptedException e) {
            // By close.
            Thread.currentThread().interrupt();
        }
    }

    private void draw(Terminal drawn) {
        Tally.Numbers numbers = tally.numbers();
        List<Transfer> running = tally.running();
        ProgressLines.Moment moment = new ProgressLines.Moment(
                clock.nanoTime(),
                running,
                numbers.complete() + numbers.failed(),
                numbers.files(),
                numbers.failed(),
                numbers.bytes());
        Size size = size(drawn);
        screen.show(lines.at(moment, size.getColumns() - 1, size.getRows() - 1), size.getColumns());
    }

    /** The size of a terminal. One column and one row are to be left free: terminals differ in what they do at the edges. */
    private static Size size(Terminal terminal) {
        Size size = terminal.getSize();
        int width = size.getColumns() > 0 ? size.getColumns() : USUAL_WIDTH;
        int height = size.getRows() > 0 ? size.getRows() : USUAL_HEIGHT;
        return Size.of(Math.max(2, width), Math.max(2, height));
    }

    /** Shows lines, as far as there is room for them. */
    static void show(Screen screen, Terminal terminal, List<String> lines) {
        Size size = size(terminal);
        screen.show(
                lines.stream()
                        .limit(size.getRows() - 1)
                        .map(line -> Columns.fit(line, size.getColumns() - 1).stripTrailing())
                        .toList(),
                size.getColumns());
    }

    /** Stops drawing and leaves nothing behind. Idempotent. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        Threads.joinUninterruptibly(thread);
        screen.flush();
        close(terminal);
    }

    /** Closes a terminal, if there is one. */
    static void close(@Nullable Terminal terminal) {
        if (terminal != null) {
            try {
                terminal.close();
            } catch (IOException e) {
                // The terminal is gone, and so is what was on it.
            }
        }
    }
}
