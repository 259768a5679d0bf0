package dev.thrum.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code thrum bench lines}: what a line answered costs, on each engine and elsewhere. */
final class LineBench {
    private final Path thrum;
    private final PrintStream out;

    LineBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        LineOptions options = LineOptions.lines().with(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        try (LineContest contest = LineContest.start(new LineProcesses(thrum, pinning), options)) {
            Results results = contest.run();
            about(out, "lines", arguments);
            out.printf(
                    Locale.ROOT,
                    "* rounds: %d, windows of %.1f s; %s; p50 and p99 are medians of the windows%n* a window is dirty if others took more than %.0f %% of a core,"
                            + " in it and in %d repetitions%n* JVM: %s%n",
                    options.rounds(),
                    options.window().toMillis() / 1e3,
                    pinning.remark(),
                    LineContest.NOISE_LIMIT * 100,
                    LineContest.REPEATS,
                    LineProcesses.fastFlags());
            new LineTables(options, results, out).print();
        }
    }

    /** What a reader must know of where figures come from. */
    static void about(PrintStream out, String name, List<String> arguments) throws IOException {
        out.println("* `./thrum bench "
                + String.join(" ", name, String.join(" ", arguments)).strip() + "`");
        out.println("* " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("java.vendor.version") + ", "
                + Runtime.getRuntime().availableProcessors() + " cores, "
                + ProcText.model(Files.readString(Path.of("/proc/cpuinfo"))));
    }
}
