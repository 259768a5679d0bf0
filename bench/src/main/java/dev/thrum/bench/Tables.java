package dev.thrum.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures of {@link Results} as tables for docs/benchmarks.md. */
final class Tables {
    private static final double NANOS_PER_MILLI = 1e6;

    /** A generator that is busy for more of the time than this may be what bounds the rate. */
    private static final double GENERATOR_LIMIT = 0.95;

    private final ContestOptions options;
    private final Results results;
    private final PrintStream out;

    Tables(ContestOptions options, Results results, PrintStream out) {
        this.options = options;
        this.results = results;
        this.out = out;
    }

    void print() {
        options.loads().forEach(this::figures);
        List<Claim> claims = options.protocol().claims(options.loads()).stream()
                .filter(claim -> results.has(claim.contender(), claim.load()))
                .filter(claim -> results.has(claim.peer(), claim.load()))
                .toList();
        if (!claims.isEmpty()) {
            out.println();
            out.println("| ratio | figure | load | estimate (95 % interval) | bound | |");
            out.println("|---|---|---|---|---|---|");
            claims.forEach(this::claim);
        }
    }

    private void figures(Load load) {
        String unit = options.protocol().unit();
        out.println();
        out.printf(
                Locale.ROOT,
                "| %s | %ss/s, min - median - max | server CPU per %s, µs, min - median - max"
                        + " | p50, ms | p99, ms | dirty windows |%n",
                load,
                unit,
                unit);
        out.println("|---|---|---|---|---|---|");
        List<String> names = options.contenders().stream()
                .map(Contender::name)
                .filter(name -> results.has(name, load))
                .toList();
        names.forEach(name -> row(name, load));
        generator(names, load);
    }

    private void row(String name, Load load) {
        List<Window> windows = results.windows(name, load);
        Figures rate = figures(windows, Window::rate);
        out.printf(
                Locale.ROOT,
                "| %s | %,.0f - %,.0f - %,.0f | %s | %.3f | %.3f | %d of %d |%n",
                name,
                rate.quantile(0),
                rate.median(),
                rate.quantile(1),
                figures(windows, Window::cpu),
                figures(windows, window -> window.p50() / NANOS_PER_MILLI).median(),
                figures(windows, window -> window.p99() / NANOS_PER_MILLI).median(),
                results.dirty(name, load),
                windows.size());
    }

    /** Says whose rates are not their own. */
    private void generator(List<String> names, Load load) {
        List<String> bounded = names.stream()
                .filter(name -> generatorLoad(name, load) > GENERATOR_LIMIT)
                .map(name -> String.format(Locale.ROOT, "%s (%.0f %%)", name, generatorLoad(name, load) * 100))
                .toList();
        if (!bounded.isEmpty()) {
            out.println();
            out.println("The generator had hardly a moment to wait for an answer, so these rates may be bounded by it: "
                    + String.join(", ", bounded) + ".");
        }
    }

    private double generatorLoad(String name, Load load) {
        return figures(results.windows(name, load), Window::generatorLoad).median();
    }

    private void claim(Claim claim) {
        Interval ratio = claim.ratio(results);
        out.printf(
                Locale.ROOT,
                "| %s : %s | %s | %s | %s | %s | %s |%n",
                claim.contender(),
                claim.peer(),
                claim.figure().title(options.protocol().unit()),
                claim.load(),
                ratio,
                claim.bound(),
                claim.bound().verdict(ratio));
    }

    private static Figures figures(List<Window> windows, ToDoubleFunction<Window> figure) {
        return new Figures(windows.stream().mapToDouble(figure).toArray());
    }
}
