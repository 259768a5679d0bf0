package dev.thrum.bench;

import dev.thrum.bench.crawl.LoopbackHosts;
import dev.thrum.bench.options.CrawlOptions;
import dev.thrum.bench.tables.Figures;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Finding;
import dev.thrum.measure.statistics.Interval;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What many known URLs cost {@code thrum crawl}: two crawls of as many pages with as many links, of which those of one lead to 20,000 URLs, and
 * those of the other each to one of its own. Both end at a limit, with most URLs still waiting, and can be resumed.
 */
record KnownUrls(Path thrum, PrintStream out, ScratchFolder folder, CrawlOptions options) {
    private static final int HOSTS = 8;
    private static final int PAGES = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final double MEGABYTE = 1e6;
    private static final Bound MORE = Bound.atMost(60, 30);
    private static final Bound RESUME = Bound.atMost(3, 1);

    /** A crawl of hosts whose pages link to this many URLs. */
    private record Side(
            int urls, LoopbackHosts hosts, List<ProgramRun> crawls, List<Path> folders, List<ProgramRun> resumes) {
        Side(int urls, LoopbackHosts hosts) {
            this(urls, hosts, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        String label() {
            return String.format(Locale.ROOT, "%,d known URLs", urls);
        }
    }

    List<Finding> measure() throws IOException, InterruptedException {
        try (LoopbackHosts few = hosts(CrawlOptions.FEW_URLS);
                LoopbackHosts many = hosts(options.urls())) {
            List<Side> sides = List.of(new Side(CrawlOptions.FEW_URLS, few), new Side(options.urls(), many));
            boolean isMemory = options.has(CrawlOptions.MEMORY);
            crawl(sides, isMemory ? options.roundsOf(CrawlOptions.MEMORY) : 1);
            if (isMemory) {
                printMemory(sides);
            }
            if (!options.has(CrawlOptions.RESUME)) {
                return List.of();
            }
            resume(sides, options.roundsOf(CrawlOptions.RESUME));
            table(sides, Side::resumes, "resume for one page more");
            double[] cpu = figures(sides.get(1).resumes, ProgramRun::cpu);
            return List.of(new Finding(
                    "`--resume`",
                    "CPU, s",
                    sides.get(1).label(),
                    Interval.of(Arrays.stream(cpu).boxed().toList()),
                    RESUME));
        }
    }

    private LoopbackHosts hosts(int urls) throws IOException {
        return LoopbackHosts.start(HOSTS, Duration.ZERO, number -> page(urls / HOSTS, number));
    }

    private void crawl(List<Side> sides, int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            for (Side side : sides) {
                System.err.println("crawl, " + side.label() + ", round " + (round + 1) + " of " + rounds);
                Path own = Files.createTempDirectory(folder.path(), "known-");
                Path saved = own.resolve("saved");
                List<String> command = new ArrayList<>(List.of(
                        thrum.toString(), "crawl", "--out", saved.toString(), "--delay", "0", "--allow-private"));
                command.addAll(List.of("--warc", "off", "--no-index", "--no-sitemaps", "--max-pages", "" + PAGES));
                command.addAll(side.hosts.seeds());
                side.crawls.add(limited(ProgramRun.of(command, Map.of(), own, PATIENCE)));
                side.folders.add(saved);
                requireLinks(saved.resolve(CrawlOutputs.LINKS));
            }
        }
    }

    /** The links of a page: to the next URLs of its host, in a circle. */
    private String page(int ofHost, int number) {
        int links = links();
        StringBuilder page = new StringBuilder();
        for (int link = 1; link <= links; link++) {
            page.append(LoopbackHosts.link((int) (((long) number * links + link) % ofHost)));
        }
        return page.toString();
    }

    private int links() {
        return Math.max(1, options.urls() / PAGES);
    }

    private static ProgramRun limited(ProgramRun run) throws IOException {
        if (run.output().stream().noneMatch(line -> line.startsWith("limit reached"))) {
            throw new IOException(
                    "expected the crawl to reach its limit but it has ended with: " + String.join(" / ", run.output()));
        }
        return run.succeeded("thrum crawl");
    }

    private void requireLinks(Path file) throws IOException {
        long expected = (long) PAGES * links();
        try (Stream<String> lines = Files.lines(file)) {
            long found = lines.count();
            if (found < expected) {
                throw new IOException("expected " + expected + " links but found " + found);
            }
        }
    }

    private void resume(List<Side> sides, int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            for (Side side : sides) {
                System.err.println("resume, " + side.label() + ", round " + (round + 1) + " of " + rounds);
                List<String> command = List.of(
                        thrum.toString(),
                        "crawl",
                        "--resume",
                        side.folders.getFirst().toString(),
                        "--max-pages",
                        "1");
                side.resumes.add(limited(ProgramRun.of(command, Map.of(), folder.path(), PATIENCE)));
            }
        }
    }

    private void printMemory(List<Side> sides) {
        table(sides, Side::crawls, String.format(Locale.ROOT, "crawl of %,d pages with %d links", PAGES, links()));
        double[] few = figures(sides.get(0).crawls, run -> run.peak() / MEGABYTE);
        double[] many = figures(sides.get(1).crawls, run -> run.peak() / MEGABYTE);
        Figures more = new Figures(IntStream.range(0, few.length)
                .mapToDouble(round -> many[round] - few[round])
                .toArray());
        out.println();
        out.println("| more for " + sides.get(1).label() + ", MB, min - median - max | bound | |");
        out.println("|---|---|---|");
        out.println("| " + more.whole() + " | " + MORE + " | "
                + MORE.standing(new Interval(more.median(), more.quantile(0), more.quantile(1))) + " |");
    }

    /** The runs of a side. */
    @FunctionalInterface
    private interface Runs {
        List<ProgramRun> of(Side side);
    }

    private void table(List<Side> sides, Runs runs, String title) {
        out.println();
        out.println("| " + title + ", min - median - max | CPU, s | elapsed, s | largest resident set, MB |");
        out.println("|---|---|---|---|");
        for (Side side : sides) {
            out.println("| "
                    + String.join(
                            " | ",
                            side.label(),
                            new Figures(figures(runs.of(side), ProgramRun::cpu)).toString(),
                            new Figures(figures(runs.of(side), ProgramRun::elapsed)).toString(),
                            new Figures(figures(runs.of(side), run -> run.peak() / MEGABYTE)).whole())
                    + " |");
        }
    }

    private static double[] figures(List<ProgramRun> runs, ToDoubleFunction<ProgramRun> figure) {
        return runs.stream().mapToDouble(figure).toArray();
    }
}
