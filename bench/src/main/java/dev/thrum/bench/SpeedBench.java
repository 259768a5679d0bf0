package dev.thrum.bench;

import dev.thrum.bench.options.ContestOptions;
import dev.thrum.bench.tables.Results;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.ProcText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code thrum bench lines} and {@code thrum bench http}: the CPU per response, on each engine and on the peers. */
final class SpeedBench {
    private final ContestOptions defaults;
    private final Path thrum;
    private final PrintStream out;

    /** A measurement with these defaults. */
    SpeedBench(ContestOptions defaults, Path thrum, PrintStream out) {
        this.defaults = defaults;
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        ContestOptions options = defaults.with(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        try (Contest contest = Contest.start(new Processes(options.protocol(), thrum, pinning), options)) {
            Results results = contest.run();
            about(out, options.protocol().word(), arguments);
            out.printf(
                    Locale.ROOT,
                    "* rounds: %d, windows of %.1f s; %s; p50 and p99 are medians of the windows%n* a window is dirty if others took more than %.0f %% of a core,"
                            + " in it and in %d repetitions%n* JVM: %s%n",
                    options.rounds(),
                    options.window().toMillis() / 1e3,
                    pinning.remark(),
                    Meter.NOISE_LIMIT * 100,
                    Contest.REPEATS,
                    Processes.fastFlags());
            new Tables(options, results, out).print();
        }
    }

    /** Prints the command and the machine that the figures are from. */
    static void about(PrintStream out, String name, List<String> arguments) throws IOException {
        out.println("* `./thrum bench "
                + String.join(" ", name, String.join(" ", arguments)).strip() + "`");
        out.println("* " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("java.vendor.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " cores, "
                + ProcText.model(Files.readString(Path.of("/proc/cpuinfo"))));
    }
}
