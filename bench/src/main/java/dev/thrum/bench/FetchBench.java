package dev.thrum.bench;

import dev.thrum.bench.options.FetchOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.Child;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * {@code thrum bench fetch}: the CPU of {@code thrum fetch} compared with that of curl, which fetches the same files from the same
 * nginx with the same number of connections, in turn; and the time that concurrency saves.
 *
 * <p>From the CPU of both that of their start is subtracted: of fetching one empty file, measured in each round.
 */
final class FetchBench {
    private static final int FILES = 20_000;
    private static final int SMALL = 100_000;
    private static final long LARGE = 2_000_000_000L;
    private static final String PARALLEL = "16";
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Map<String, String> VARIABLES = Map.of("LC_ALL", "C.UTF-8");

    private static final Bound MANY_BOUND = Bound.atMost(2, 1.2);
    private static final Bound LARGE_BOUND = Bound.atMost(1.5, 1);
    private static final double MEGABYTE = 1e6;

    private final Path thrum;
    private final PrintStream out;
    private final List<Finding> findings = new ArrayList<>();

    /** What a program has to fetch: a list of URLs for each of them. */
    private record Work(String name, int files, long size, Path urls, Path config) {
        Path folder() {
            return Objects.requireNonNull(urls.getParent());
        }
    }

    /** A program, as it is told what to fetch and into which folder. */
    private interface Program {
        List<String> command(Work work, Path saved);
    }

    FetchBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        FetchOptions options = FetchOptions.of(arguments);
        SpeedBench.about(out, "fetch", arguments);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            if (options.parts().contains(FetchOptions.MANY) || options.parts().contains(FetchOptions.LARGE)) {
                fromNginx(options, folder);
            }
            if (options.parts().contains(FetchOptions.WAIT)) {
                findings.addAll(new WaitBench(thrum, out, folder).measure(options.rounds()));
            }
            if (options.parts().contains(FetchOptions.FAULTS)) {
                new FaultsBench(thrum, out, folder).run();
            }
        }
        Finding.print(out, findings);
    }

    private void fromNginx(FetchOptions options, ScratchFolder folder) throws IOException, InterruptedException {
        Path root = Files.createDirectory(folder.resolve("root"));
        Files.write(root.resolve("small.bin"), new byte[SMALL]);
        Files.createFile(root.resolve("empty.bin"));
        try (RandomAccessFile large =
                new RandomAccessFile(root.resolve("large.bin").toFile(), "rw")) {
            large.setLength(LARGE);
        }
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), Pinning.find());
        Path own = Files.createDirectory(folder.resolve("nginx"));
        try (Child nginx = processes.unpinned(
                NginxProcess.class, NginxProcess.find().toString(), root.toString(), own.toString())) {
            int port = Processes.port(nginx);
            Work empty = work(folder, "empty", 1, 0, List.of(url(0, port, "/empty.bin")));
            if (options.parts().contains(FetchOptions.MANY)) {
                List<String> urls = new ArrayList<>();
                for (int i = 0; i < FILES; i++) {
                    urls.add(url(i, port, "/small/" + i + ".bin"));
                }
                compare(
                        work(folder, "20,000 files of 100 KB, 8 hosts", FILES, SMALL, urls),
                        empty,
                        options,
                        MANY_BOUND);
            }
            if (options.parts().contains(FetchOptions.LARGE)) {
                Work large = work(folder, "one file of 2 GB", 1, LARGE, List.of(url(0, port, "/large.bin")));
                compare(large, empty, options, LARGE_BOUND);
            }
        }
    }

    private static String url(int number, int port, String path) {
        return "http://127.0.0." + (1 + number % CrawlSite.HOSTS) + ":" + port + path;
    }

    private static Work work(ScratchFolder folder, String name, int files, long size, List<String> urls)
            throws IOException {
        Path own = Files.createTempDirectory(folder.path(), "work-");
        List<String> config = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            config.add("url = \"" + urls.get(i) + "\"");
            config.add("output = \"" + i + ".bin\"");
        }
        return new Work(
                name, files, size, Files.write(own.resolve("urls"), urls), Files.write(own.resolve("config"), config));
    }

    private void compare(Work work, Work empty, FetchOptions options, Bound bound)
            throws IOException, InterruptedException {
        int rounds = options.rounds();
        double[][] cpu = new double[4][rounds];
        double[][] elapsed = new double[2][rounds];
        double[][] peak = new double[2][rounds];
        List<Double> ratios = new ArrayList<>();
        for (int round = -1; round < rounds; round++) {
            System.err.println("fetch, " + work.name + ", round " + (round + 1) + " of " + rounds);
            ProgramRun[] runs = {
                run(this::ours, work), run(FetchBench::curl, work), run(this::ours, empty), run(FetchBench::curl, empty)
            };
            if (round < 0) {
                continue;
            }
            for (int i = 0; i < runs.length; i++) {
                cpu[i][round] = runs[i].cpu();
            }
            for (int i = 0; i < 2; i++) {
                elapsed[i][round] = runs[i].elapsed();
                peak[i][round] = runs[i].peak() / MEGABYTE;
            }
            ratios.add((runs[0].cpu() - runs[2].cpu()) / (runs[1].cpu() - runs[3].cpu()));
        }
        out.println();
        out.println("| " + work.name
                + " | CPU, s, min - median - max | of that, the start | elapsed, s | largest resident set, MB |");
        out.println("|---|---|---|---|---|");
        String[] names = {"`thrum fetch`", "`curl -Z`"};
        for (int i = 0; i < 2; i++) {
            out.println("| "
                    + String.join(
                            " | ",
                            names[i],
                            new Figures(cpu[i]).toString(),
                            new Figures(cpu[i + 2]).toString(),
                            new Figures(elapsed[i]).toString(),
                            String.format(Locale.ROOT, "%.0f", new Figures(peak[i]).quantile(1)))
                    + " |");
        }
        findings.add(
                new Finding("thrum fetch : curl -Z", "CPU without the start", work.name, Interval.of(ratios), bound));
    }

    private List<String> ours(Work work, Path saved) {
        return List.of(
                thrum.toString(),
                "fetch",
                "-i",
                work.urls.toString(),
                "--out",
                saved.toString(),
                "--parallel",
                PARALLEL);
    }

    private static List<String> curl(Work work, Path saved) {
        return List.of(
                "curl",
                "--disable",
                "--fail",
                "--silent",
                "--show-error",
                "--create-dirs",
                "--output-dir",
                saved.toString(),
                "--parallel",
                "--parallel-max",
                PARALLEL,
                "--config",
                work.config.toString());
    }

    /**
     * Runs a program into a new folder. The files are emptied and stay until the measurement ends: for minutes after many files were deleted,
     * ext4 without a journal looks at each of them whenever a new one is made.
     */
    private static ProgramRun run(Program program, Work work) throws IOException, InterruptedException {
        Path saved = Files.createTempDirectory(work.folder(), "saved-");
        List<String> command = program.command(work, saved);
        ProgramRun run =
                ProgramRun.of(command, VARIABLES, work.folder(), PATIENCE).succeeded(command.getFirst());
        long complete = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(saved, Files::isRegularFile)) {
            for (Path file : files) {
                complete += Files.size(file) == work.size ? 1 : 0;
                Files.newOutputStream(file).close();
            }
        }
        if (complete != work.files) {
            throw new IOException("expected " + command.getFirst() + " to save " + work.files + " files of " + work.size
                    + " bytes but it has saved " + complete);
        }
        return run;
    }
}
