package dev.thrum.bench.tables;

import dev.thrum.bench.load.Window;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A table of windows for docs/benchmarks.md: a line for each who was measured under the same load. */
public final class WindowTable {
    private static final double NANOS_PER_MILLI = 1e6;

    /** A generator that is busy for more of the time than this may be what bounds the rate. */
    private static final double GENERATOR_LIMIT = 0.95;

    private final PrintStream out;
    private final String unit;

    /** Whose rates may not be their own. */
    private final List<String> bounded = new ArrayList<>();

    /** Prints there; what is counted is called so. */
    public WindowTable(PrintStream out, String unit) {
        this.out = out;
        this.unit = unit;
    }

    public void head(String load) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| %s | %ss/s, min - median - max | server CPU per %s, µs, min - median - max"
                        + " | p50, ms | p99, ms | dirty windows |%n",
                load,
                unit,
                unit);
        out.println("|---|---|---|---|---|---|");
    }

    public void row(String name, List<Window> windows, long dirty) {
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.3f | %.3f | %d of %d |%n",
                name,
                figures(windows, Window::rate).whole(),
                figures(windows, Window::cpu),
                figures(windows, window -> window.p50() / NANOS_PER_MILLI).median(),
                figures(windows, window -> window.p99() / NANOS_PER_MILLI).median(),
                dirty,
                windows.size());
        double load = figures(windows, Window::generatorLoad).median();
        if (load > GENERATOR_LIMIT) {
            bounded.add(String.format(Locale.ROOT, "%s (%.0f %%)", name, load * 100));
        }
    }

    /** Says below the table whose rates may not be their own. */
    public void end() {
        if (!bounded.isEmpty()) {
            out.println();
            out.println("The generator had hardly a moment to wait for an answer, so these rates may be bounded by it: "
                    + String.join(", ", bounded) + ".");
        }
    }

    public static Figures figures(List<Window> windows, ToDoubleFunction<Window> figure) {
        return new Figures(windows.stream().mapToDouble(figure).toArray());
    }
}
