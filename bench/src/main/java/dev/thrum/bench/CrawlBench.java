package dev.thrum.bench;

import dev.thrum.bench.load.LinkedPages;
import dev.thrum.bench.options.PagesOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.bench.statistics.Bound;
import dev.thrum.bench.statistics.Finding;
import dev.thrum.bench.statistics.Interval;
import dev.thrum.bench.tables.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code thrum bench crawl}: the CPU and the memory of {@code thrum crawl} for 20,000 linked pages on eight hosts, in three forms, compared
 * with {@code wget -r}. All are whole processes, the start of the JVM included, in turn; nginx serves the pages. Each must fetch every page once.
 */
final class CrawlBench {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double MEGABYTE = 1e6;
    private static final double THOUSAND = 1e3;

    private static final Bound PLAIN_BOUND = Bound.atMost(1, 0.6);

    /** A program that crawls. */
    private enum Crawler {
        PLAIN("`thrum crawl --warc plain --no-index`", "--warc", "plain", "--no-index"),
        GZIP("`thrum crawl --no-index`", "--no-index"),
        INDEX("`thrum crawl`"),
        WGET("`wget -r`");

        private final String label;

        @SuppressWarnings("ImmutableEnumChecker") // It is a copy.
        private final List<String> flags;

        Crawler(String label, String... flags) {
            this.label = label;
            this.flags = List.of(flags);
        }
    }

    private final Path thrum;
    private final PrintStream out;

    CrawlBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        PagesOptions options = PagesOptions.of(arguments);
        Path nginx = NginxProcess.find();
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), Pinning.find());
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            System.err.println("writing the pages");
            int each = Math.max(1, options.pages() / NginxProcess.ADDRESSES);
            Path root = Files.createDirectory(folder.resolve("pages"));
            long bytes = LinkedPages.write(root, NginxProcess.ADDRESSES, each);
            Path prefix = Files.createDirectory(folder.resolve("nginx"));
            try (Child server =
                    processes.unpinned(NginxProcess.class, nginx.toString(), root.toString(), prefix.toString())) {
                String port = server.answer(START).split(" ", -1)[1];
                List<String> seeds = IntStream.range(0, NginxProcess.ADDRESSES)
                        .mapToObj(part -> "http://127.0.0." + (1 + part) + ":" + port + LinkedPages.first(part))
                        .toList();
                SpeedBench.about(out, "crawl", arguments);
                out.printf(
                        Locale.ROOT,
                        "* %,d pages of HTML on %d hosts, %.1f KB on average, 30 links each; no delay; CPU in user mode and in the"
                                + " kernel of whole processes, %d rounds, in turn%n%n",
                        each * NginxProcess.ADDRESSES,
                        NginxProcess.ADDRESSES,
                        bytes / THOUSAND / (each * NginxProcess.ADDRESSES),
                        options.rounds());
                measure(options.rounds(), each * NginxProcess.ADDRESSES, seeds, folder);
            }
        }
    }

    private void measure(int rounds, int pages, List<String> seeds, ScratchFolder folder)
            throws IOException, InterruptedException {
        double[][] cpu = new double[Crawler.values().length][rounds];
        double[][] elapsed = new double[Crawler.values().length][rounds];
        double[][] peak = new double[Crawler.values().length][rounds];
        for (int round = 0; round < rounds; round++) {
            System.err.println("crawl, round " + (round + 1) + " of " + rounds);
            for (int i = 0; i < Crawler.values().length; i++) {
                ProgramRun run = run(Crawler.values()[i], pages, seeds, folder);
                cpu[i][round] = run.cpu() * THOUSAND / pages;
                elapsed[i][round] = run.elapsed();
                peak[i][round] = run.peak() / MEGABYTE;
            }
        }
        out.println(
                "| min - median - max | CPU, s for 1,000 pages | elapsed, s | largest resident set, MB |\n|---|---|---|---|");
        for (int i = 0; i < Crawler.values().length; i++) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f |%n",
                    Crawler.values()[i].label,
                    new Figures(cpu[i]),
                    new Figures(elapsed[i]),
                    new Figures(peak[i]).quantile(1));
        }
        Finding.print(
                out,
                List.of(
                        ratio("WARC plain, no index : wget -r", cpu[0], cpu[3], PLAIN_BOUND),
                        ratio("WARC gzip : plain", cpu[1], cpu[0], Bound.none()),
                        ratio("with index : without", cpu[2], cpu[1], Bound.none())));
    }

    private static Finding ratio(String name, double[] one, double[] other, Bound bound) {
        List<Double> ratios = IntStream.range(0, one.length)
                .mapToObj(round -> one[round] / other[round])
                .toList();
        return new Finding(name, "CPU", "linked pages", Interval.of(ratios), bound);
    }

    /** Runs a crawler into a folder of its own, and checks that every page is there once. */
    private ProgramRun run(Crawler crawler, int pages, List<String> seeds, ScratchFolder folder)
            throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder.path(), "crawl-");
        Path saved = own.resolve("saved");
        ProgramRun run = ProgramRun.of(command(crawler, seeds, saved), Map.of("LC_ALL", "C.UTF-8"), own, PATIENCE);
        long complete = crawler == Crawler.WGET ? files(saved) : lines(saved.resolve("pages.jsonl"));
        if (complete != pages) {
            throw new IOException("expected " + crawler.label + " to fetch " + pages + " pages but it has fetched "
                    + complete + ": " + String.join(" / ", run.errors()));
        }
        return run;
    }

    private List<String> command(Crawler crawler, List<String> seeds, Path saved) {
        List<String> command = new ArrayList<>();
        if (crawler == Crawler.WGET) {
            command.addAll(List.of("wget", "--quiet", "--recursive", "--level=inf", "--directory-prefix=" + saved));
        } else {
            command.addAll(
                    List.of(thrum.toString(), "crawl", "--out", saved.toString(), "--delay", "0", "--allow-private"));
            command.addAll(crawler.flags);
        }
        command.addAll(seeds);
        return command;
    }

    private static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".html")).count();
        }
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.distinct().count();
        }
    }
}
