package dev.thrum.bench;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Figures;
import dev.thrum.bench.tables.Results;
import dev.thrum.bench.tables.WindowTable;
import dev.thrum.measure.Window;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The figures of {@link FilesBench} as tables for docs/benchmarks.md. */
final class FilesTable {
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double NANOS_PER_MILLI = 1e6;

    /** The size of a large file in megabytes of 10^6 bytes, the unit of the tables. */
    private static final double LARGE_MEGABYTES = (1 << 20) / 1e6;

    private static final double SMALL_REQUIRED = 1.0;
    private static final double LARGE_REQUIRED = 0.9;
    private static final double MANY_REQUIRED = 0.8;
    private static final double COLD_REQUIRED = 0.4;

    private final PrintStream out;
    private final Results results;

    FilesTable(PrintStream out, Results results) {
        this.out = out;
        this.results = results;
    }

    void print(Load load) {
        boolean large = load.exchange() == Exchange.LARGE;
        out.println();
        out.println("| " + title(load) + " | requests per second of server CPU, min - median - max |"
                + (large ? " MB per second of server CPU, median |" : "")
                + " requests/s, min - median - max | p50, ms | p99, ms | generator busy | dirty windows |");
        out.println("|---|---|---|---|---|---|---|" + (large ? "---|" : ""));
        FilesBench.SERVERS.forEach(server -> row(server, load, large));
    }

    private void row(String server, Load load, boolean large) {
        List<Window> windows = results.windows(server, load);
        Figures yields = WindowTable.figures(windows, FilesTable::perCpuSecond);
        out.printf(
                Locale.ROOT,
                "| %s | %s |%s %s | %.3f | %.3f | %.0f %% | %d of %d |%n",
                server,
                yields.whole(),
                large ? String.format(Locale.ROOT, " %,.0f |", yields.median() * LARGE_MEGABYTES) : "",
                WindowTable.figures(windows, Window::rate).whole(),
                WindowTable.figures(windows, window -> window.p50() / NANOS_PER_MILLI)
                        .median(),
                WindowTable.figures(windows, window -> window.p99() / NANOS_PER_MILLI)
                        .median(),
                WindowTable.figures(windows, Window::generatorLoad).median() * 100,
                results.dirty(server, load),
                windows.size());
    }

    private static double perCpuSecond(Window window) {
        return MICROS_PER_SECOND / window.cpu();
    }

    private static String title(Load load) {
        String files = switch (load.exchange()) {
            case SMALL -> "1 KB";
            case LARGE -> "1 MB";
            case MANY -> "10,000 files of 4 KB, warm";
            default -> "10,000 files of 4 KB, cold";
        };
        return files + ", " + load.connections() + " connections";
    }

    /** The ratios of Thrum and nginx under these loads. */
    static List<Finding> findings(Results results, List<Load> loads) {
        return loads.stream()
                .flatMap(load -> List.of(
                        finding(results, FilesBench.EVENTS, load, bound(load)),
                        finding(results, FilesBench.VIRTUAL, load, Bound.none()),
                        ring(results, load))
                        .stream())
                .toList();
    }

    /** io_uring has no advantage with files, and must not cost more. */
    private static Finding ring(Results results, Load load) {
        Bound bound = load.exchange() == Exchange.LARGE ? Bound.atMost(1.05, 1.0) : Bound.none();
        Claim claim = new Claim(FilesBench.RING, FilesBench.EVENTS, Claim.Figure.CPU, load, bound);
        return new Finding(
                FilesBench.RING + " : " + FilesBench.EVENTS,
                Claim.Figure.CPU.title("request"),
                title(load),
                claim.ratio(results),
                bound);
    }

    private static Bound bound(Load load) {
        return switch (load.exchange()) {
            case SMALL -> Bound.atLeast(SMALL_REQUIRED);
            case LARGE -> Bound.atLeast(LARGE_REQUIRED);
            case MANY -> Bound.atLeast(MANY_REQUIRED);
            default -> Bound.atLeast(COLD_REQUIRED);
        };
    }

    private static Finding finding(Results results, String server, Load load, Bound bound) {
        Claim claim = new Claim(server, FilesBench.NGINX, Claim.Figure.YIELD, load, bound);
        return new Finding(
                server + " : " + FilesBench.NGINX,
                Claim.Figure.YIELD.title("request"),
                title(load),
                claim.ratio(results),
                bound);
    }
}
