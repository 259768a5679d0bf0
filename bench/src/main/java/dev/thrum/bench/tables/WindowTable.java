package dev.thrum.bench.tables;

import dev.thrum.measure.Window;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A table of windows for docs/benchmarks.md, with a row for each contender under the same load. */
public final class WindowTable {
    private static final double NANOS_PER_MILLI = 1e6;

    /** A generator that is busy for more than this share of the time may limit the rate. */
    private static final double GENERATOR_LIMIT = 0.95;

    private final PrintStream out;
    private final String unit;

    /** Whether there are columns for the durations of round trips. */
    private final boolean timed;

    /** The contenders whose rates may be limited by the generator. */
    private final List<String> bounded = new ArrayList<>();

    /** Prints to {@code out}; {@code unit} is the name of what is counted. */
    public WindowTable(PrintStream out, String unit) {
        this(out, unit, true);
    }

    /** The same; {@code timed} says whether the durations of round trips were measured. */
    public WindowTable(PrintStream out, String unit, boolean timed) {
        this.out = out;
        this.unit = unit;
        this.timed = timed;
    }

    public void head(String load) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| %s | %ss/s, min - median - max | server CPU per %s, µs, min - median - max"
                        + "%s | dirty windows |%n",
                load,
                unit,
                unit,
                timed ? " | p50, ms | p99, ms" : "");
        out.println(timed ? "|---|---|---|---|---|---|" : "|---|---|---|---|");
    }

    public void row(String name, List<Window> windows, long dirty) {
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s%s | %d of %d |%n",
                name,
                figures(windows, Window::rate).whole(),
                figures(windows, Window::cpu),
                timed ? durations(windows) : "",
                dirty,
                windows.size());
        double load = figures(windows, Window::generatorLoad).median();
        if (load > GENERATOR_LIMIT) {
            bounded.add(String.format(Locale.ROOT, "%s (%.0f %%)", name, load * 100));
        }
    }

    private static String durations(List<Window> windows) {
        return String.format(
                Locale.ROOT,
                " | %.3f | %.3f",
                figures(windows, window -> window.p50() / NANOS_PER_MILLI).median(),
                figures(windows, window -> window.p99() / NANOS_PER_MILLI).median());
    }

    /** Names the contenders whose rates may be limited by the generator, below the table. */
    public void end() {
        if (!bounded.isEmpty()) {
            out.println();
            out.println("The generator was almost always busy, so it may limit these rates: "
                    + String.join(", ", bounded) + ".");
        }
    }

    public static Figures figures(List<Window> windows, ToDoubleFunction<Window> figure) {
        return new Figures(windows.stream().mapToDouble(figure).toArray());
    }
}
