package dev.thrum.measure.compare;

import java.util.List;
import java.util.Locale;

/**
 * The same few tasks that wait for input and output, run in different ways.
 *
 * @param scale by what the times of the tasks were multiplied
 * @param taskSeconds how long each task waits, as measured, so scaled
 * @param rows the ways
 */
public record ClassicTable(double scale, List<Double> taskSeconds, List<Row> rows) {
    public ClassicTable {
        taskSeconds = List.copyOf(taskSeconds);
        rows = List.copyOf(rows);
    }

    /** A way to run tasks. */
    public enum Way {
        IN_TURN("one after the other"),
        POOL("on a pool of threads"),
        VIRTUAL("on virtual threads"),
        EVENT_LOOP("on an event loop"),
        BLOCKED_LOOP("on an event loop that the tasks block");

        private final String title;

        Way(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A way and its times.
     *
     * @param way the way
     * @param seconds how long all tasks took together, in each repetition
     */
    public record Row(Way way, List<Double> seconds) {
        public Row {
            seconds = List.copyOf(seconds);
        }
    }
}
