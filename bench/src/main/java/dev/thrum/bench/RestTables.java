package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.Load.Manner;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.RestRow;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Figures;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Finding;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The figures of one row of {@link RestBench} as tables for docs/benchmarks.md. */
final class RestTables {
    /** The share of the questions of a window that must be answered in it; the last ones are still under way. */
    private static final double MOST = 0.99;

    private static final double ALL = 100;

    private final RestRow row;
    private final Results results;
    private final PrintStream out;
    private final String unit = Protocol.REST.unit();

    RestTables(RestRow row, Results results, PrintStream out) {
        this.row = row;
        this.results = results;
        this.out = out;
    }

    void print() {
        row.claims().forEach(this::figures);
        List<Claim> counted = row.claims().stream()
                .filter(claim -> claim.load().manner() != Manner.STRICT)
                .toList();
        if (!counted.isEmpty()) {
            out.println();
            out.println(
                    "| load | server | connections that it closed, min - median - max | answers for 100 requests that were"
                            + " due, min - median - max | required | |");
            out.println("|---|---|---|---|---|---|");
            counted.forEach(this::served);
        }
        Finding.print(out, row.claims().stream().map(this::finding).toList());
    }

    private void figures(Claim claim) {
        Load load = claim.load();
        WindowTable table = new WindowTable(out, unit);
        table.head(row.word() + ": " + load);
        Stream.of(claim.contender(), claim.peer())
                .forEach(name -> table.row(name, results.windows(name, load), results.dirty(name, load)));
        table.end();
    }

    /** Whether each client was served; required only of Thrum as it is now. */
    private void served(Claim claim) {
        Load load = claim.load();
        boolean paced = load.manner() == Manner.PACED;
        for (String name : List.of(claim.contender(), claim.peer())) {
            List<Window> windows = results.windows(name, load);
            Figures answered = WindowTable.figures(windows, window -> ALL * window.rate() / load.connections());
            boolean reached = windows.stream()
                    .allMatch(window -> window.closed() == 0 && (!paced || window.rate() >= MOST * load.connections()));
            boolean required = name.equals(claim.contender());
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s |%n",
                    load,
                    name,
                    WindowTable.figures(windows, Window::closed).whole(),
                    paced ? answered : "",
                    required ? paced ? "0; 99" : "0" : "",
                    required ? reached ? "reached" : "missed" : "");
        }
    }

    private Finding finding(Claim claim) {
        return new Finding(
                claim.contender() + " : " + claim.peer(),
                claim.figure().title(unit),
                claim.load().toString(),
                claim.ratio(results),
                claim.bound());
    }
}
