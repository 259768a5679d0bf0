package dev.thrum.bench;

import dev.thrum.bench.options.Arguments;
import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.options.UsageException;
import dev.thrum.bench.tables.Figures;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.Scenarios;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * {@code thrum bench lab}: the time of {@code thrum lab explore} for each scenario, from the start of its process to its end, and the
 * size of the page that it writes. Then what the diagnosis of a server costs.
 */
final class LabBench {
    private static final int ROUNDS = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Bound SECONDS = Bound.atMost(10, 2);
    private static final Bound KILOBYTES = Bound.atMost(150, 60);
    private static final double BYTES_OF_KILOBYTE = 1e3;

    /** The status when the hazard has shown. */
    private static final int SHOWN = 1;

    private final Path thrum;
    private final PrintStream out;

    /** What was measured of a scenario. */
    private record Measured(String name, List<Double> seconds, double kilobytes) {
        Figures figures() {
            return Figures.of(seconds);
        }
    }

    LabBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        int rounds = Arguments.apply(ROUNDS, arguments, LabBench::with);
        SpeedBench.about(out, "lab", arguments);
        explorations(rounds);
        new DiagnosisBench(thrum, out).run(rounds);
    }

    private static Integer with(Integer rounds, String name, String value) {
        if (!name.equals("--rounds")) {
            throw new UsageException("expected --rounds but was " + name);
        }
        return ContestOptions.rounds(value);
    }

    private void explorations(int rounds) throws IOException, InterruptedException {
        List<Measured> all = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            for (LabScenario scenario : Scenarios.all()) {
                if (scenario.hasHazard()) {
                    all.add(explore(scenario.name(), rounds, folder));
                }
            }
        }
        out.println();
        out.println("| `thrum lab explore` with `--html` | s, min - median - max of " + rounds + " | page, KB |");
        out.println("|---|---|---|");
        for (Measured measured : all) {
            out.printf("| %s | %s | %.1f |%n", measured.name, measured.figures(), measured.kilobytes);
        }
        Measured slowest = all.stream()
                .max(Comparator.comparingDouble(measured -> measured.figures().median()))
                .orElseThrow();
        Measured largest = all.stream()
                .max(Comparator.comparingDouble(Measured::kilobytes))
                .orElseThrow();
        Finding.print(
                out,
                List.of(
                        new Finding(
                                "lab explore, start to result",
                                "s",
                                slowest.name,
                                Interval.of(slowest.seconds),
                                SECONDS),
                        new Finding(
                                "page of a scenario",
                                "KB",
                                largest.name,
                                new Interval(largest.kilobytes, largest.kilobytes, largest.kilobytes),
                                KILOBYTES)));
    }

    private Measured explore(String name, int rounds, ScratchFolder folder) throws IOException, InterruptedException {
        Path page = folder.resolve(name + ".html");
        List<String> command = List.of(thrum.toString(), "lab", "explore", name, "--html", page.toString());
        List<Double> seconds = new ArrayList<>();
        // The first round fills the system's cache.
        for (int round = -1; round < rounds; round++) {
            System.err.println("lab, " + name + ", round " + (round + 1) + " of " + rounds);
            ProgramRun run = ProgramRun.of(command, Map.of(), folder.path(), PATIENCE);
            if (run.status() != SHOWN) {
                throw new IOException("expected thrum lab explore " + name + " to end with status " + SHOWN
                        + " but it was " + run.status() + ": " + String.join(" / ", run.errors()));
            }
            if (round >= 0) {
                seconds.add(run.elapsed());
            }
        }
        return new Measured(name, seconds, Files.size(page) / BYTES_OF_KILOBYTE);
    }
}
