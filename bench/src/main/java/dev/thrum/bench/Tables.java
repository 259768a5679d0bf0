package dev.thrum.bench;

import dev.thrum.bench.load.Load;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.peers.Contender;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.statistics.Interval;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The figures of {@link Results} as tables for docs/benchmarks.md. */
final class Tables {
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
        WindowTable table = new WindowTable(
                out, options.protocol().unit(), options.protocol().timesTrips());
        table.head(load.toString());
        options.contenders().stream()
                .map(Contender::name)
                .filter(name -> results.has(name, load))
                .forEach(name -> table.row(name, results.windows(name, load), results.dirty(name, load)));
        table.end();
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
}
