package dev.thrum.measure.compare;

import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;

/**
 * The same few tasks that wait for input and output, run in different ways.
 *
 * @param scale by what the times of the tasks were multiplied
 * @param taskSeconds how long each task waits, as measured, so scaled
 * @param rows the ways
 */
public record ClassicTable(double scale, List<Double> taskSeconds, List<Row> rows) {
    /** How much longer a time may be than the one that explains it. */
    private static final double NEAR = 1.2;

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
     * @param seconds how long all tasks took together, in each repetition, at least one
     */
    public record Row(Way way, List<Double> seconds) {
        public Row {
            seconds = List.copyOf(seconds);
            if (seconds.isEmpty() || seconds.stream().anyMatch(time -> !(time > 0))) {
                throw new IllegalArgumentException("expected at least one time above 0 but was " + seconds);
            }
        }

        /** The mean time. */
        public double mean() {
            return seconds.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    /** Why the ways take as long as they do, in one sentence. */
    public String sentence() {
        double longest =
                taskSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double sum = taskSeconds.stream().mapToDouble(Double::doubleValue).sum();
        List<String> overlapping = titles(seconds -> seconds <= longest * NEAR);
        List<String> inTurn = titles(seconds -> seconds * NEAR >= sum);
        List<String> between = titles(seconds -> seconds > longest * NEAR && seconds * NEAR < sum);
        String sentence = String.format(
                Locale.ROOT,
                "The tasks only wait: where waits overlap (%s) all take as long as the longest one (%.1f s), and where a"
                        + " waiting task holds the only thread (%s) they take the sum of all (%.1f s)",
                words(overlapping),
                longest,
                words(inTurn),
                sum);
        return between.isEmpty() ? sentence + "." : sentence + "; between the two: " + words(between) + ".";
    }

    private List<String> titles(DoublePredicate isMeant) {
        return rows.stream()
                .filter(row -> isMeant.test(row.mean()))
                .map(row -> row.way().title())
                .toList();
    }

    private static String words(List<String> titles) {
        return titles.isEmpty() ? "none" : String.join(", ", titles);
    }
}
