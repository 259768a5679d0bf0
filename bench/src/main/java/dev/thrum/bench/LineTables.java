package dev.thrum.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The figures of {@link Results} as tables for docs/benchmarks.md. */
final class LineTables {
    private static final double NANOS_PER_MILLI = 1e6;

    private final LineOptions options;
    private final Results results;
    private final PrintStream out;

    LineTables(LineOptions options, Results results, PrintStream out) {
        this.options = options;
        this.results = results;
        this.out = out;
    }

    void print() {
        options.connections().forEach(this::figures);
        out.println();
        out.println("| ratio | figure | connections | estimate (95 % interval) | bound | |");
        out.println("|---|---|---|---|---|---|");
        Claim.all().forEach(this::claim);
    }

    private void figures(int connections) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| %,d connections | round trips/s, min - median - max | server CPU per round trip, µs,"
                        + " min - median - max | p50, ms | p99, ms | dirty windows |%n",
                connections);
        out.println("|---|---|---|---|---|---|");
        options.contenders().stream()
                .map(Contender::name)
                .filter(name -> results.has(name, connections))
                .forEach(name -> row(name, connections));
    }

    private void row(String name, int connections) {
        List<Window> windows = results.windows(name, connections);
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
                results.dirty(name, connections),
                windows.size());
    }

    private void claim(Claim claim) {
        for (int connections : options.connections()) {
            if (claim.madeAt(connections)
                    && results.has(claim.contender(), connections)
                    && results.has(claim.peer(), connections)) {
                ratio(claim, connections);
            }
        }
    }

    private void ratio(Claim claim, int connections) {
        Interval ratio = claim.ratio(
                results.windows(claim.contender(), connections), results.windows(claim.peer(), connections));
        out.printf(
                Locale.ROOT,
                "| %s : %s | %s | %,d | %s | %s | %s |%n",
                claim.contender(),
                claim.peer(),
                claim.figure(),
                connections,
                ratio,
                claim.bound(connections).map(Claim.Bound::toString).orElse(""),
                claim.bound(connections).map(bound -> bound.verdict(ratio)).orElse(""));
    }

    private static Figures figures(List<Window> windows, ToDoubleFunction<Window> figure) {
        return new Figures(windows.stream().mapToDouble(figure).toArray());
    }
}
