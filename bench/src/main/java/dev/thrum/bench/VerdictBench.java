package dev.thrum.bench;

import dev.thrum.bench.options.LoadOptions;
import dev.thrum.measure.CoreSplit;
import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Arm;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.Recommendation;
import dev.thrum.measure.compare.Round;
import dev.thrum.measure.compare.Setup;
import dev.thrum.measure.compare.run.ComparePlan;
import dev.thrum.measure.compare.run.ComparePlan.Times;
import dev.thrum.measure.compare.run.CompareRun;
import dev.thrum.measure.compare.run.Entrant;
import dev.thrum.measure.compare.run.Requests;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Whether the verdicts of {@code thrum compare} are right on real servers: where two arms are the same, where the same comparison is
 * repeated, and where one arm uses a tenth more CPU.
 */
final class VerdictBench {
    private static final int SAME_RUNS = 20;
    private static final int MOST_FALSE = 1;
    private static final int REPEATS = 5;
    private static final int BURNS = 3;
    private static final double BURN = 0.1;
    private static final int CONNECTIONS = 64;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MILLIS = 1e3;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String ONE = "one";
    private static final String OTHER = "other";
    private static final List<String> ENGINES = List.of("threads", "virtual", "events");

    /** Shortened, so that twenty comparisons of three servers take less than ninety minutes: warm-up, windows, and no more loads. */
    private static final Times SHORT =
            new Times(Duration.ofSeconds(3), 10, Duration.ofSeconds(1), Duration.ofSeconds(1), 3);

    private static final Goal GOAL = new Goal(Figure.LATENCY_P99, 50);

    private final Path thrum;
    private final PrintStream out;

    VerdictBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments, LoadOptions options) throws IOException, InterruptedException {
        List<String> rows = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            if (options.has(LoadOptions.SAME)) {
                rows.add(same(folder));
            }
            if (options.has(LoadOptions.REPEATS)) {
                rows.add(repeats(folder));
            }
            if (options.has(LoadOptions.BURN)) {
                rows.add(burn(folder));
            }
        }
        if (!rows.isEmpty()) {
            SpeedBench.about(out, "load", arguments);
            out.println();
            out.println("| verdicts of `thrum compare` | found | must | |");
            out.println("|---|---|---|---|");
            rows.forEach(out::println);
        }
    }

    private static String row(String what, String found, String must, boolean isMet) {
        return "| " + String.join(" | ", what, found, must, isMet ? "pass" : "miss") + " |";
    }

    /** Two arms that are the same server: each difference is a false verdict. */
    private String same(ScratchFolder folder) throws IOException, InterruptedException {
        int wrong = 0;
        int judged = 0;
        for (int run = 0; run < SAME_RUNS; run++) {
            String engine = ENGINES.get(run % ENGINES.size());
            Analysis analysis = compare(
                    "same servers, " + (run + 1) + " of " + SAME_RUNS,
                    plan(ComparePlan.QUICK_ROUNDS, SHORT, run),
                    List.of(entrant(ONE, engine, 0), entrant(OTHER, engine, 0)),
                    folder);
            boolean isDifferent = analysis.isDifferent(ONE, OTHER);
            wrong += isDifferent ? 1 : 0;
            judged += analysis.goodRounds().size() >= Analysis.LEAST_ROUNDS ? 1 : 0;
            System.err.println(
                    analysis.recommendation().headline() + (isDifferent ? " FALSE" : "") + " " + analysis.blockers());
        }
        return row(
                SAME_RUNS + " comparisons of two servers that are the same, " + judged + " with enough good rounds",
                wrong + " false",
                "<= " + MOST_FALSE + ", goal 0",
                wrong <= MOST_FALSE);
    }

    /** The same comparison, as users run it. */
    private String repeats(ScratchFolder folder) throws IOException, InterruptedException {
        Set<String> verdicts = new LinkedHashSet<>();
        int undecided = 0;
        for (int run = 0; run < REPEATS; run++) {
            Path data = folder.resolve("repeat-" + run + ".json");
            List<String> command = List.of(thrum.toString(), "compare", "echo", "--quick", "--save", data.toString());
            System.err.println("thrum compare echo --quick, " + (run + 1) + " of " + REPEATS);
            ProgramRun _ =
                    ProgramRun.of(command, Map.of(), folder.path(), PATIENCE).succeeded("thrum compare");
            Recommendation found = Analysis.of(ComparisonJson.read(data)).recommendation();
            System.err.println(found.headline());
            if (found.kind() == Recommendation.Kind.CANNOT_TELL || found.kind() == Recommendation.Kind.BLOCKED) {
                undecided++;
            } else {
                verdicts.add(found.kind() + " " + found.arms());
            }
        }
        return row(
                "`thrum compare echo --quick`, " + REPEATS + " times",
                String.format(
                        Locale.ROOT, "%d different verdicts %s, %d cannot tell", verdicts.size(), verdicts, undecided),
                "the same, or cannot tell",
                verdicts.size() <= 1);
    }

    /** A server that needs a tenth more CPU for each request. */
    private String burn(ScratchFolder folder) throws IOException, InterruptedException {
        String engine = ENGINES.get(1);
        double micros = cpuPerRequest(engine, folder);
        long nanos = Math.round(BURN * micros * NANOS_PER_MICRO);
        int seen = 0;
        for (int run = 0; run < BURNS; run++) {
            Analysis analysis = compare(
                    "a server that burns " + nanos + " ns a request, " + (run + 1) + " of " + BURNS,
                    plan(ComparePlan.FULL_ROUNDS, Times.FULL, run),
                    List.of(entrant(ONE, engine, 0), entrant(OTHER, engine, nanos)),
                    folder);
            System.err.println(analysis.recommendation().headline() + " " + analysis.blockers());
            seen += analysis.recommendation().arms().equals(List.of(ONE)) ? 1 : 0;
        }
        return row(
                String.format(
                        Locale.ROOT,
                        "a server that needs 10 %% more CPU per request (%.1f µs, and %d ns more), %d times",
                        micros,
                        nanos,
                        BURNS),
                seen + " seen",
                BURNS + " seen",
                seen == BURNS);
    }

    /** CPU microseconds per request at the highest rate of a round. */
    private double cpuPerRequest(String engine, ScratchFolder folder) throws IOException, InterruptedException {
        Comparison measured = compare(
                        "CPU per request", plan(1, Times.QUICK, 0), List.of(entrant(ONE, engine, 0)), folder)
                .comparison();
        return measured.rounds().stream()
                .map(Round::cells)
                .flatMap(List::stream)
                .flatMap(cell -> cell.readings().stream())
                .filter(reading -> reading.point().equals("90 %"))
                .flatMap(reading -> reading.figures().entrySet().stream())
                .filter(figure -> figure.getKey() == Figure.CPU_PER_REQUEST)
                .mapToDouble(Map.Entry::getValue)
                .min()
                .orElseThrow(() -> new IOException("expected the CPU per request of a server but it had no requests"));
    }

    private static Entrant entrant(String name, String engine, long nanos) {
        return new Entrant(
                new Arm(name, engine, null), List.of(BurningEcho.class.getName(), engine, Long.toString(nanos)));
    }

    private static ComparePlan plan(int rounds, Times times, long seed) {
        return new ComparePlan(rounds, times, GOAL, CONNECTIONS, List.of(), 0, 0, ComparePlan.JVM, seed);
    }

    private static Analysis compare(String what, ComparePlan plan, List<Entrant> entrants, ScratchFolder folder)
            throws IOException, InterruptedException {
        System.err.println(what);
        CompareRun run = new CompareRun(
                plan,
                Requests.lines(List.of("What time is it?"), Duration.ZERO),
                entrants,
                CoreSplit.find(),
                folder.resolve("errors"),
                new CompareRun.Listener() {
                    @Override
                    public void doing(String part) {}

                    @Override
                    public void measured(Comparison soFar) {}
                });
        Setup setup = new Setup(
                "echo",
                "bench",
                plan.rounds(),
                plan.goal(),
                0,
                plan.times().window().toMillis() / MILLIS,
                Map.of(),
                "thrum bench load");
        Conditions conditions = Conditions.ofThisMachine(Instant.now().toString(), ComparePlan.JVM, "in a checkout");
        return Analysis.of(run.run(Comparison.of(setup, conditions, run.arms())));
    }
}
