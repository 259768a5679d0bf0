package dev.thrum.app.crawl;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The output of a command that runs for a while: lines, and below them on a terminal lines that are replaced again and again.
 * Those are removed before anything else is printed, and at the end.
 *
 * <p>Safe for concurrent use.
 */
public final class Screen {
    private static final String UP = "\033[A";
    private static final String CLEAR_BELOW = "\r\033[J";

    private final PrintWriter out;
    private final PrintWriter err;

    /** Nothing is acquired under it. It is held while a line is written, so a terminal that stands still stops the program. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The changing lines that are on the terminal, below everything else; the cursor is at the end of the last one. */
    @GuardedBy("lock")
    private List<String> shown = List.of();

    @GuardedBy("lock")
    private int width = 1;

    public Screen(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** The width of the terminal that input and output are connected with, in columns; empty if there is none. */
    public static OptionalInt width() {
        return Progress.width();
    }

    /** Prints a line to the standard output; it may wait in a buffer until {@link #flush}. */
    public void out(String line) {
        lock.lock();
        try {
            List<String> removed = remove();
            out.print(line + System.lineSeparator());
            if (!removed.isEmpty()) {
                draw(removed);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Prints a line to the standard error, after everything that was printed before. */
    public void err(String line) {
        lock.lock();
        try {
            List<String> removed = remove();
            out.flush();
            err.println(line);
            err.flush();
            if (!removed.isEmpty()) {
                draw(removed);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the changing lines.
     *
     * @param lines none longer than the terminal is wide
     * @param columns the width of the terminal, which may have changed
     */
    public void show(List<String> lines, int columns) {
        lock.lock();
        try {
            width = Math.max(1, columns);
            List<String> _ = remove();
            draw(lines);
        } finally {
            lock.unlock();
        }
    }

    /** Removes the changing lines for good, and writes what waits in the buffer. */
    public void flush() {
        lock.lock();
        try {
            List<String> _ = remove();
            out.flush();
        } finally {
            lock.unlock();
        }
    }

    /** A terminal that became narrower has wrapped the lines, so they take more rows than they are. */
    @GuardedBy("lock")
    private List<String> remove() {
        List<String> removed = shown;
        if (!removed.isEmpty()) {
            int rows = 0;
            for (String line : removed) {
                rows += Math.max(1, Math.ceilDiv(Columns.of(line), width));
            }
            out.print(UP.repeat(rows - 1) + CLEAR_BELOW);
            shown = List.of();
        }
        return removed;
    }

    @GuardedBy("lock")
    private void draw(List<String> lines) {
        out.print(String.join("\n", lines));
        out.flush();
        shown = List.copyOf(lines);
    }
}
