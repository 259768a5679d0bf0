package dev.thrum.bench;

import dev.thrum.bench.options.StoreOptions;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Durable inserts per second (on disk when they are acknowledged): through JDBC by hand, and by callers of the
 * database.
 *
 * <p>All are in one JVM, so that compiler, collector and driver are the same for all. Each way has its own file, so
 * that none is affected by the rows of another.
 */
final class InsertBench {
    private static final String SINGLE = "jdbc-1";
    private static final String BATCH = "jdbc-64";
    private static final String CALLERS = "users-64";

    /** Each way: its label for the child process, and its name in the table. */
    private static final List<List<String>> WAYS = List.of(
            List.of(SINGLE, "(a) one JDBC thread, each insert a commit"),
            List.of(BATCH, "(b) one JDBC thread, 64 inserts a commit"),
            List.of("users-1", "`Users.create`, 1 caller"),
            List.of("users-16", "`Users.create`, 16 callers"),
            List.of(CALLERS, "(c) `Users.create`, 64 callers"),
            List.of("users-256", "`Users.create`, 256 callers"),
            List.of("deposits-64", "deposits, 64 callers"),
            List.of("disk", "the disk: 4 KiB appended and forced"));

    private static final int WARM_UP_WINDOWS = 2;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int SEED = 4711;
    private static final double NANOS = 1e9;

    private final Processes processes;
    private final StoreOptions options;
    private final ScratchFolder folder;
    private final Map<String, List<Sample>> samples = new HashMap<>();

    private record Sample(long inserts, long nanos, long commits) {
        static Sample parse(String text) {
            long[] numbers =
                    Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
            return new Sample(numbers[0], numbers[1], numbers[2]);
        }

        double rate() {
            return inserts * NANOS / nanos;
        }

        double perCommit() {
            return (double) inserts / commits;
        }
    }

    InsertBench(Processes processes, StoreOptions options, ScratchFolder folder) {
        this.processes = processes;
        this.options = options;
        this.folder = folder;
    }

    void run(PrintStream out) throws IOException, InterruptedException {
        try (Child child = processes.unpinned(InsertProcess.class, folder.path().toString())) {
            measure(child);
        }
        out.println();
        out.println("| durable inserts | inserts/s, min - median - max | inserts per commit, median |");
        out.println("|---|---|---|");
        for (List<String> way : WAYS) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.1f |%n",
                    way.getLast(),
                    figures(way.getFirst(), Sample::rate).whole(),
                    figures(way.getFirst(), Sample::perCommit).median());
        }
        Finding.print(
                out,
                List.of(
                        finding("(c) : (a)", CALLERS, SINGLE, Bound.atLeast(6)),
                        finding("(c) : (b)", CALLERS, BATCH, Bound.atLeast(0.3))));
    }

    private void measure(Child child) throws IOException, InterruptedException {
        List<String> labels = new ArrayList<>(WAYS.stream().map(List::getFirst).toList());
        for (int i = 0; i < WARM_UP_WINDOWS; i++) {
            for (String label : labels) {
                var _ = sample(child, label);
            }
        }
        Random random = new Random(SEED);
        for (int round = 1; round <= options.rounds(); round++) {
            System.err.println("inserts, round " + round + " of " + options.rounds());
            Collections.shuffle(labels, random);
            for (String label : labels) {
                samples.computeIfAbsent(label, _ -> new ArrayList<>()).add(sample(child, label));
            }
        }
    }

    private Sample sample(Child child, String label) throws IOException, InterruptedException {
        String command = label + " " + options.window().toMillis();
        return Sample.parse(child.ask(command, TIMEOUT.plus(options.window())));
    }

    private Figures figures(String label, ToDoubleFunction<Sample> figure) {
        return new Figures(samples.getOrDefault(label, List.of()).stream()
                .mapToDouble(figure)
                .toArray());
    }

    private Finding finding(String title, String ours, String theirs, Bound bound) {
        Interval ratio = Interval.ofPairs(
                samples.getOrDefault(ours, List.of()), samples.getOrDefault(theirs, List.of()), Sample::rate);
        return new Finding(title, "inserts/s", "", ratio, bound);
    }
}
