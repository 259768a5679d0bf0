package dev.thrum.bench;

import dev.thrum.bench.peers.Crawler4jProcess;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The CPU and the memory of {@code thrum crawl} and of others that crawl the same pages: whole processes with their start, in turn. Each must
 * fetch every page.
 */
record Crawlers(Path thrum, PrintStream out, ScratchFolder folder, CrawlSite site) {
    private static final Duration PATIENCE = Duration.ofMinutes(30);
    private static final double MEGABYTE = 1e6;
    private static final double THOUSAND = 1e3;
    private static final Pattern URL = Pattern.compile("\"url\": ?\"([^\"]*)\"");
    private static final Bound WGET = Bound.atMost(1, 0.6);
    private static final Bound CRAWLER4J = Bound.atMost(1 / 5.0, 1 / 5.0);
    private static final Bound SCRAPY = Bound.atMost(1 / 20.0, 1 / 20.0);
    private static final Bound PEAK = Bound.atMost(1 / 1.3, 1 / 1.3);

    /**
     * A program that crawls.
     *
     * @param label its name in the table
     * @param command begins it; the seeds follow
     * @param result what it leaves
     */
    private record Crawler(String label, Command command, Result result) {}

    /** What a crawler leaves in its folder. */
    private enum Result {
        FILES,
        LINES,

        /** Lines of which some may be there twice. */
        REPEATED_LINES
    }

    /** Makes the command of a crawler without its seeds, for a folder that it makes. */
    @FunctionalInterface
    private interface Command {
        List<String> into(Path saved);
    }

    /** A crawler and its runs. */
    private record Measured(Crawler crawler, List<ProgramRun> runs) {
        double[] all(ToDoubleFunction<ProgramRun> figure) {
            return runs.stream().mapToDouble(figure).toArray();
        }

        Finding against(Measured other, String figure, ToDoubleFunction<ProgramRun> value, Bound bound) {
            return new Finding(
                    crawler.label + " : " + other.crawler.label,
                    figure,
                    "linked pages",
                    Interval.ofPairs(runs, other.runs, value),
                    bound);
        }

        Finding cpuAgainst(Measured other, Bound bound) {
            return against(other, "CPU", ProgramRun::cpu, bound);
        }

        Finding peakAgainst(Measured other, Bound bound) {
            return against(other, "largest resident set", ProgramRun::peak, bound);
        }
    }

    /** Compares three forms of our crawl with {@code wget -r}. */
    List<Finding> withWget(int rounds) throws IOException, InterruptedException {
        List<Measured> all = measured(
                List.of(
                        plain(),
                        ours("--no-index"),
                        ours(),
                        new Crawler(
                                "`wget -r`",
                                saved -> List.of(
                                        "wget", "--quiet", "--recursive", "--level=inf", "--directory-prefix=" + saved),
                                Result.FILES)),
                rounds);
        return List.of(
                all.get(0).cpuAgainst(all.get(3), WGET),
                all.get(1).cpuAgainst(all.get(0), Bound.none()),
                all.get(2).cpuAgainst(all.get(1), Bound.none()));
    }

    /** Compares our crawl with crawler4j, and with Scrapy if it is installed. */
    List<Finding> withPeers(int rounds) throws IOException, InterruptedException {
        List<Crawler> crawlers = new ArrayList<>(
                List.of(plain(), ours(), new Crawler("crawler4j", this::crawler4j, Result.REPEATED_LINES)));
        try {
            PythonPeer scrapy = PythonPeer.of("scrapy", "Scrapy", "python3-scrapy", "scrapy_spider.py", folder);
            crawlers.add(new Crawler(
                    "Scrapy",
                    saved -> List.of(scrapy.python(), scrapy.script().toString(), saved.toString()),
                    Result.LINES));
        } catch (IOException e) {
            System.err.println("left out: " + e.getMessage());
        }
        List<Measured> all = measured(crawlers, rounds);
        List<Finding> findings = new ArrayList<>(List.of(
                all.get(0).cpuAgainst(all.get(2), CRAWLER4J),
                all.get(0).peakAgainst(all.get(2), PEAK),
                all.get(1).peakAgainst(all.get(2), PEAK)));
        if (all.size() > 3) {
            findings.add(all.get(0).cpuAgainst(all.get(3), SCRAPY));
        }
        return findings;
    }

    private Crawler plain() {
        return ours("--warc", "plain", "--no-index");
    }

    private Crawler ours(String... flags) {
        String label =
                "`" + String.join(" ", "thrum crawl", String.join(" ", flags)).strip() + "`";
        return new Crawler(label, saved -> crawl(saved, flags), Result.LINES);
    }

    private List<String> crawl(Path saved, String... flags) {
        List<String> command = new ArrayList<>(
                List.of(thrum.toString(), "crawl", "--out", saved.toString(), "--delay", "0", "--allow-private"));
        command.addAll(List.of(flags));
        return command;
    }

    /** In a JVM with the flags of ours. If two of its threads find a page at the same time, it may fetch it twice. */
    private List<String> crawler4j(Path saved) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + thrum.toAbsolutePath().resolveSibling("app").resolve("src/main/dist/jvm.options"),
                "-cp",
                System.getProperty("java.class.path"),
                Crawler4jProcess.class.getName(),
                saved.toString());
    }

    private List<Measured> measured(List<Crawler> crawlers, int rounds) throws IOException, InterruptedException {
        List<Measured> all = crawlers.stream()
                .map(crawler -> new Measured(crawler, new ArrayList<>()))
                .toList();
        for (int round = 0; round < rounds; round++) {
            for (Measured measured : all) {
                System.err.println("crawl, " + measured.crawler.label + ", round " + (round + 1) + " of " + rounds);
                measured.runs.add(run(measured.crawler));
            }
        }
        out.printf(
                Locale.ROOT,
                "%n| %,d pages, rounds: %d, min - median - max | CPU, s for 1,000 pages | elapsed, s | largest resident set, MB"
                        + " |%n|---|---|---|---|%n",
                site.pages(),
                rounds);
        for (Measured measured : all) {
            out.println("| "
                    + String.join(
                            " | ",
                            measured.crawler.label,
                            new Figures(measured.all(run -> run.cpu() * THOUSAND / site.pages())).toString(),
                            new Figures(measured.all(ProgramRun::elapsed)).toString(),
                            new Figures(measured.all(run -> run.peak() / MEGABYTE)).whole())
                    + " |");
        }
        return all;
    }

    /** Runs a crawler into a folder of its own, and checks that every page is there. */
    private ProgramRun run(Crawler crawler) throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder.path(), "crawl-");
        Path saved = own.resolve("saved");
        List<String> command = new ArrayList<>(crawler.command.into(saved));
        command.addAll(site.seeds());
        ProgramRun run = ProgramRun.of(command, Map.of("LC_ALL", "C.UTF-8"), own, PATIENCE);
        List<String> fetched = crawler.result == Result.FILES ? files(saved) : urls(saved.resolve(CrawlOutputs.PAGES));
        int pages = Set.copyOf(fetched).size();
        boolean isOnce = pages == fetched.size() || crawler.result == Result.REPEATED_LINES;
        if (pages != site.pages() || !isOnce) {
            throw new IOException("expected " + crawler.label + " to fetch " + site.pages()
                    + " pages, each once, but it has fetched " + pages + " pages, " + fetched.size() + " times in all: "
                    + String.join(" / ", run.errors()));
        }
        return run;
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString)
                    .filter(file -> file.endsWith(".html"))
                    .toList();
        }
    }

    /** The URLs in lines of JSON; none if there is no file. */
    private static List<String> urls(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return URL.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
