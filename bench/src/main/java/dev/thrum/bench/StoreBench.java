package dev.thrum.bench;

import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.StoreOptions;
import dev.thrum.bench.peers.Quiet;
import dev.thrum.measure.Pinning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code thrum bench store}: the cost of the database by itself and under the services, and the effect on them when it
 * hangs.
 */
final class StoreBench {
    /** Fewer than in comparisons with peers: here both sides of each ratio are windows of the same server. */
    static final int REPEATS = 1;

    private final Path thrum;
    private final PrintStream out;

    StoreBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        Quiet.please();
        StoreOptions options = StoreOptions.defaults().with(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), pinning);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            about(options, arguments, pinning, folder);
            for (String part : options.parts()) {
                switch (part) {
                    case StoreOptions.INSERTS -> new InsertBench(processes, options, folder).run(out);
                    case StoreOptions.API -> new ApiBench(processes, options, folder).run(out);
                    case StoreOptions.HANG -> new HangBench(processes, options, folder).run(out);
                    default -> throw new IllegalStateException("expected a part but was " + part);
                }
                out.flush();
            }
        }
    }

    private void about(StoreOptions options, List<String> arguments, Pinning pinning, ScratchFolder folder)
            throws IOException {
        String kind = folder.fileSystem();
        if (kind.equals("tmpfs")) {
            throw new IOException("expected a checkout on a disk but it is in memory (tmpfs): move it to a disk");
        }
        SpeedBench.about(out, "store", arguments);
        out.printf(
                Locale.ROOT,
                "* rounds: %d, windows of %.1f s; data on %s; %s; p50 and p99 are medians of the windows%n"
                        + "* a window is dirty if others took more than %.0f %% of a core, in it and in %d repetition%n"
                        + "* JVM of inserts and generator: %s; of `thrum serve`: app/src/main/dist/jvm.options%n",
                options.rounds(),
                options.window().toMillis() / 1e3,
                kind,
                pinning.remark(),
                Meter.NOISE_LIMIT * 100,
                REPEATS,
                Processes.fastFlags());
    }
}
