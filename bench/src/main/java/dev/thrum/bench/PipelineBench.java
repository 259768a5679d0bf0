package dev.thrum.bench;

import dev.thrum.bench.options.PipelineOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.stages.Stages;
import dev.thrum.bench.stages.StagesProcess;
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
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * {@code thrum bench pipeline}: what a pipeline costs whose stages do nothing, compared with bare queues and threads.
 *
 * <p>Each side is a process of its own, on all cores. A round measures every side once, in a random order.
 */
final class PipelineBench {
    private static final int SEED = 4711;
    private static final int WARM_UPS = 4;
    private static final List<Integer> WORKERS = List.of(1, 2);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final Path thrum;
    private final PrintStream out;

    /** Nanoseconds for an item and stage. */
    private record Measured(double nanos, double cpu) {}

    PipelineBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        PipelineOptions options = PipelineOptions.defaults().with(arguments);
        SpeedBench.about(out, "pipeline", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d of %,d items; %d stages with queues of %d; not pinned%n* JVM: %s%n",
                options.rounds(),
                options.items(),
                Stages.COUNT,
                Stages.CAPACITY,
                Processes.fastFlags());
        Map<Stages, Child> sides = new EnumMap<>(Stages.class);
        try {
            Processes processes = new Processes(Protocol.LINES, thrum, Pinning.find());
            for (Stages side : Stages.values()) {
                sides.put(side, processes.unpinned(StagesProcess.class, side.word()));
            }
            List<Finding> findings = new ArrayList<>();
            for (int workers : WORKERS) {
                findings.addAll(compare(sides, options, workers));
            }
            Finding.print(out, findings);
        } finally {
            sides.values().forEach(Child::close);
        }
    }

    private List<Finding> compare(Map<Stages, Child> sides, PipelineOptions options, int workers)
            throws IOException, InterruptedException {
        Map<Stages, List<Measured>> results = new EnumMap<>(Stages.class);
        for (Stages side : Stages.values()) {
            results.put(side, new ArrayList<>());
            for (int i = 0; i < WARM_UPS; i++) {
                var _ = measure(Objects.requireNonNull(sides.get(side)), options.items(), workers);
            }
        }
        Random random = new Random(SEED);
        List<Stages> order = new ArrayList<>(List.of(Stages.values()));
        for (int round = 1; round <= options.rounds(); round++) {
            System.err.println("pipeline, " + workers + " workers, round " + round + " of " + options.rounds());
            Collections.shuffle(order, random);
            for (Stages side : order) {
                Objects.requireNonNull(results.get(side))
                        .add(measure(Objects.requireNonNull(sides.get(side)), options.items(), workers));
            }
        }
        print(results, workers);
        return List.of(
                finding(results, Stages.PIPELINE, workers, Bound.atMost(3, 1.5)),
                finding(results, Stages.VIRTUAL, workers, Bound.none()),
                finding(results, Stages.KEYED, workers, Bound.none()));
    }

    private static Measured measure(Child side, int items, int workers) throws IOException, InterruptedException {
        String[] figures = side.ask(items + " " + workers, TIMEOUT).split(" ", -1);
        double units = (double) items * Stages.COUNT;
        return new Measured(Long.parseLong(figures[0]) / units, Long.parseLong(figures[1]) / units);
    }

    private void print(Map<Stages, List<Measured>> results, int workers) {
        out.println();
        out.println(
                "| " + workers + " worker" + (workers == 1 ? "" : "s")
                        + " in each stage | ns of CPU per item and stage, min - median - max | ns of time, min - median - max |");
        out.println("|---|---|---|");
        results.forEach((side, measured) -> out.println("| " + side.word() + " | "
                + new Figures(measured.stream().mapToDouble(Measured::cpu).toArray()) + " | "
                + new Figures(measured.stream().mapToDouble(Measured::nanos).toArray()) + " |"));
    }

    private static Finding finding(Map<Stages, List<Measured>> results, Stages side, int workers, Bound bound) {
        List<Measured> ours = Objects.requireNonNull(results.get(side));
        List<Measured> theirs = Objects.requireNonNull(results.get(Stages.BARE));
        return new Finding(
                side.word() + " : " + Stages.BARE.word(),
                "CPU per item and stage",
                workers + (workers == 1 ? " worker" : " workers") + " in each stage",
                Interval.ofPairs(ours, theirs, Measured::cpu),
                bound);
    }
}
