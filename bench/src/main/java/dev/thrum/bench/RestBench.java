package dev.thrum.bench;

import dev.thrum.bench.options.RestOptions;
import dev.thrum.bench.options.RestRow;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench rest}: what connections cost that wait for their next request, and what it costs to wake them.
 *
 * <p>The tables of each row are printed when it is measured, so that a row that fails takes none with it.
 */
final class RestBench {
    private final Path thrum;
    private final PrintStream out;

    RestBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        RestOptions options = RestOptions.of(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        about(options, pinning, arguments);
        for (RestRow row : options.rows()) {
            if (row == RestRow.MEMORY) {
                new RestMemory(thrum, pinning, out).run(options.rounds());
            } else {
                contest(row, options, pinning);
            }
        }
    }

    private void contest(RestRow row, RestOptions options, Pinning pinning) throws IOException, InterruptedException {
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum);
                RestContest contest = RestContest.start(row, options, thrum, pinning, folder)) {
            new RestTables(row, contest.run(), out).print();
        }
    }

    private void about(RestOptions options, Pinning pinning, List<String> arguments) throws IOException {
        SpeedBench.about(out, "rest", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, of memory at most %d; windows of %.1f s; %s; p50 and p99 are medians of the windows, of clients"
                        + " that ask once a second from the time the request was due%n* a window is dirty if others took more"
                        + " than %.0f %% of a core, in it and in %d repetitions%n* JVM, for memory: %s%n* JVM, for CPU: %s; now"
                        + " and baseline are `thrum serve` with the flags of their own package%n",
                options.rounds(),
                RestMemory.MOST_ROUNDS,
                options.window().toMillis() / 1e3,
                pinning.remark(),
                Meter.NOISE_LIMIT * 100,
                Contest.REPEATS,
                Processes.frugalFlags(),
                Processes.roomyFlags());
    }
}
