package dev.thrum.bench;

import dev.thrum.bench.explore.ExploreProcess;
import dev.thrum.bench.explore.collection.Pair;
import dev.thrum.bench.options.ExploreOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench explore}: what the explorer costs, how much it leaves out, and what Lincheck finds of the same programs.
 *
 * <p>Explorations run in processes of their own, on one core with their collector and their compiler.
 */
final class ExploreBench {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final int WARM_UPS = 3;
    private static final int WINDOW_MILLIS = 1_000;
    private static final int SHORT_WINDOW_MILLIS = 200;
    private static final int SWITCHES = 5_000_000;
    private static final int FEWER = 100;
    private static final int SLOWEST = 5;

    /** Plain search ends at this many times the runs of the systematic one: a lower bound is enough. */
    private static final long MOST_REDUCTION = 10_000;

    private static final double NANOS = 1e9;

    private final PrintStream out;
    private final Path thrum;
    private final List<Finding> findings = new ArrayList<>();

    /** Schedules for one second of CPU, and nanoseconds of CPU for one step. */
    private record Plain(double rate, double step) {
        static Plain of(String answer) {
            String[] figures = answer.split(" ", -1);
            double nanos = Long.parseLong(figures[2]);
            return new Plain(Long.parseLong(figures[0]) * NANOS / nanos, nanos / Long.parseLong(figures[1]));
        }
    }

    /** What exhausting a program took. */
    private record Exhausted(String name, long schedules, long redundant, double seconds) {
        long runs() {
            return schedules + redundant;
        }
    }

    ExploreBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        ExploreOptions options = ExploreOptions.of(arguments);
        Pinning pinning = Pinning.find();
        Processes processes = new Processes(Protocol.LINES, thrum.toAbsolutePath(), pinning);
        SpeedBench.about(out, "explore", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d; %s; the collection has %d kinds of faults, each broken and fixed%n* JVM: %s%n",
                options.rounds(),
                pinning.remark(),
                Pair.ALL.size(),
                Processes.fastFlags());
        if (options.has(ExploreOptions.STEPS)) {
            steps(processes, options.rounds());
        }
        if (options.has(ExploreOptions.SCHEDULES)) {
            schedules(processes, options.rounds());
        }
        if (options.has(ExploreOptions.COLLECTION)) {
            collection(processes, options.rounds());
        }
        if (options.has(ExploreOptions.REDUCTION)) {
            reduction(processes);
        }
        if (options.has(ExploreOptions.HEAP)) {
            heap(processes, options);
        }
        if (options.has(ExploreOptions.LINCHECK)) {
            findings.addAll(new LincheckContest(processes, thrum, pinning, out).run(options.kinds()));
        }
        Finding.print(out, findings);
    }

    private static Child start(Processes processes) throws IOException {
        return processes.server(ExploreProcess.class);
    }

    private void steps(Processes processes, int rounds) throws IOException, InterruptedException {
        List<Double> steps = new ArrayList<>();
        List<Double> switches = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Child child = start(processes)) {
            for (int round = -WARM_UPS; round < rounds; round++) {
                System.err.println("steps, round " + (round + 1) + " of " + rounds);
                double bare = Double.parseDouble(child.ask("switches " + SWITCHES, PATIENCE)) / SWITCHES;
                double step = Plain.of(child.ask("plain Increments " + WINDOW_MILLIS, PATIENCE)).step;
                if (round >= 0) {
                    switches.add(bare);
                    steps.add(step);
                    ratios.add(step / bare);
                }
            }
        }
        out.println("\n| | ns of CPU, min - median - max |\n|---|---|");
        out.println("| a step of plain search: CPU ÷ steps | " + Figures.of(steps) + " |");
        out.println("| a bare `Thread.yield` switch | " + Figures.of(switches) + " |");
        findings.add(new Finding(
                "step : bare switch",
                "CPU",
                "two threads, 14 steps, plain search",
                Interval.of(ratios),
                Bound.atMost(1.5, 0.8)));
    }

    /** All fixed programs of the collection with two actors and short schedules: each for a while, in turn. */
    private void schedules(Processes processes, int rounds) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        List<List<Double>> each = new ArrayList<>();
        try (Child child = start(processes)) {
            for (int i = 0; i < Pair.ALL.size(); i++) {
                if (Boolean.parseBoolean(child.ask("short " + i + "/fixed", PATIENCE))) {
                    names.add(i + "/fixed");
                    each.add(new ArrayList<>());
                }
            }
            for (int round = -WARM_UPS; round < rounds; round++) {
                System.err.println("schedules, round " + (round + 1) + " of " + rounds);
                double sum = 0;
                for (int i = 0; i < names.size(); i++) {
                    double rate =
                            Plain.of(child.ask("plain " + names.get(i) + " " + SHORT_WINDOW_MILLIS, PATIENCE)).rate;
                    sum += 1 / rate;
                    if (round >= 0) {
                        each.get(i).add(rate);
                    }
                }
                if (round >= 0) {
                    rates.add(names.size() / sum);
                }
            }
        }
        int slowest = 0;
        for (int i = 1; i < names.size(); i++) {
            slowest = Figures.of(each.get(i)).median()
                            < Figures.of(each.get(slowest)).median()
                    ? i
                    : slowest;
        }
        out.println(
                "\n| plain search, one core, warm | schedules for a second of CPU, min - median - max |\n|---|---|");
        out.println("| " + names.size() + " programs of two actors and at most 15 steps, as many schedules of each | "
                + Figures.of(rates).whole() + " |");
        out.println("| the slowest of them: " + kind(names.get(slowest)) + " | "
                + Figures.of(each.get(slowest)).whole() + " |");
        findings.add(new Finding(
                "plain search",
                "schedules for a second of CPU",
                "two actors, at most 15 steps",
                Interval.of(rates),
                Bound.atLeast(50_000, 100_000)));
    }

    private void collection(Processes processes, int rounds) throws IOException, InterruptedException {
        List<List<Exhausted>> all = new ArrayList<>();
        try (Child child = start(processes)) {
            for (int round = -1; round < rounds; round++) {
                System.err.println("collection, round " + (round + 1) + " of " + rounds);
                List<Exhausted> one = new ArrayList<>();
                for (int i = 0; i < Pair.ALL.size(); i++) {
                    for (String name : List.of(i + "/broken", i + "/fixed")) {
                        one.add(exhaust(child, name, kind(name)));
                    }
                }
                all.add(one);
            }
        }
        List<Double> longest = all.stream()
                .map(one -> one.stream().mapToDouble(Exhausted::seconds).max().orElseThrow())
                .toList();
        List<Exhausted> last = all.getLast();
        out.println("\n| exhausted, with the loading of its classes | schedules | s |\n|---|---|---|");
        last.stream()
                .sorted(Comparator.comparingDouble(Exhausted::seconds).reversed())
                .limit(SLOWEST)
                .forEach(one -> out.printf(Locale.ROOT, "| %s | %,d | %.3f |%n", one.name, one.schedules, one.seconds));
        long schedules = last.stream().mapToLong(Exhausted::schedules).sum();
        long redundant = last.stream().mapToLong(Exhausted::redundant).sum();
        out.printf(
                Locale.ROOT,
                "| all %d | %,d, and %,d redundant runs | %.3f |%n| all, in a JVM that has just started | | %.3f |%n",
                last.size(),
                schedules,
                redundant,
                last.stream().mapToDouble(Exhausted::seconds).sum(),
                all.getFirst().stream().mapToDouble(Exhausted::seconds).sum());
        double share = 100.0 * redundant / (schedules + redundant);
        findings.add(new Finding(
                "systematic search", "redundant runs, %", "the collection", exactly(share), Bound.atMost(2, 0.5)));
        findings.add(new Finding(
                "systematic search",
                "s for the slowest program",
                "the collection, cold in the first round",
                Interval.of(longest),
                Bound.atMost(2, 0.2)));
    }

    /** The interval of a figure that is the same each time. */
    private static Interval exactly(double figure) {
        return new Interval(figure, figure, figure);
    }

    private static Exhausted exhaust(Child child, String name, String shown) throws IOException, InterruptedException {
        String[] figures = child.ask("exhaust " + name, PATIENCE).split(" ", -1);
        if (!Boolean.parseBoolean(figures[3])) {
            throw new IOException("expected " + shown + " to be exhausted but it is not");
        }
        return new Exhausted(
                shown, Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]) / NANOS);
    }

    /** A program of the collection, in words. */
    private static String kind(String name) {
        String[] parts = name.split("/", -1);
        return Pair.ALL.get(Integer.parseInt(parts[0])).kind() + ", " + parts[1];
    }

    private void reduction(Processes processes) throws IOException, InterruptedException {
        out.println("\n| four actors | plain schedules | runs of the systematic search |\n|---|---|---|");
        try (Child child = start(processes)) {
            reduction(child, "a buffer with room for one", "BoundedBuffer", 500);
            reduction(child, "two locks in one order", "LocksInOrder", 1_000);
            reduction(child, "each its own cells", "OwnCells", 0);
        }
    }

    private void reduction(Child child, String what, String name, int required)
            throws IOException, InterruptedException {
        System.err.println("reduction: " + what);
        long runs = exhaust(child, name, what).runs();
        String[] plain = child.ask("count " + name + " " + MOST_REDUCTION * runs, PATIENCE)
                .split(" ", -1);
        boolean all = Boolean.parseBoolean(plain[1]);
        out.printf(Locale.ROOT, "| %s | %s%s | %,d |%n", what, all ? "" : "more than ", grouped(plain[0]), runs);
        double ratio = Double.parseDouble(plain[0]) / runs;
        findings.add(
                required == 0
                        ? new Finding("systematic search", "runs", what, exactly((double) runs), Bound.atMost(1, 1))
                        : new Finding(
                                "plain search : systematic search",
                                all ? "runs" : "runs, at least",
                                what,
                                exactly(ratio),
                                Bound.atLeast(required)));
    }

    private static String grouped(String number) {
        return String.format(Locale.ROOT, "%,d", Long.parseLong(number));
    }

    private void heap(Processes processes, ExploreOptions options) throws IOException, InterruptedException {
        int few = options.schedules() / FEWER;
        List<Double> ratios = new ArrayList<>();
        String last = "";
        for (int round = 0; round < options.rounds(); round++) {
            System.err.println("heap, round " + (round + 1) + " of " + options.rounds());
            try (Child child = start(processes)) {
                // The first time there is also what the start has left.
                var _ = child.ask("heap " + few, PATIENCE);
                String[] before = child.ask("heap " + few, PATIENCE).split(" ", -1);
                String[] after =
                        child.ask("heap " + options.schedules(), PATIENCE).split(" ", -1);
                ratios.add(Double.parseDouble(after[0]) / Double.parseDouble(before[0]));
                last =
                        "\n| schedules | of them stuck | heap, bytes |\n|---|---|---|\n| %,d | %s | %s |\n| %,d | %s | %s |"
                                .formatted(
                                        few,
                                        grouped(before[1]),
                                        grouped(before[0]),
                                        options.schedules(),
                                        grouped(after[1]),
                                        grouped(after[0]));
            }
        }
        out.println(last);
        findings.add(new Finding(
                "after %,d schedules : after %,d".formatted(options.schedules(), few),
                "heap",
                "half of the schedules deadlocked",
                Interval.of(ratios),
                Bound.atMost(1.1, 1.1)));
    }
}
