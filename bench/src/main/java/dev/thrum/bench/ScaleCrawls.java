package dev.thrum.bench;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Crawls of the same pages by one process with and without a broker, and by two processes and one. */
record ScaleCrawls(Path thrum, PrintStream out, ScratchFolder folder, CrawlSite site, ScaleBroker broker) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Bound CPU = Bound.atMost(1.5, 1.2);
    private static final Bound SPEED = Bound.atLeast(1.8, 1.95);
    private static final double MILLI = 1e3;
    private static final Pattern PAGE = Pattern.compile("\\{\"url\":\"([^\"]+)\".*?\"fetched\":\"([^\"]+)\".*");

    /** Held to half a core; cpulimit stops a process for as long as it has used more. */
    private static final List<String> HALF = List.of("cpulimit", "--foreground", "--limit", "50", "--");

    /** A crawl in a new folder. */
    private List<String> crawl(Path saved, String... more) {
        List<String> command = new ArrayList<>(
                List.of(thrum.toString(), "crawl", "--out", saved.toString(), "--delay", "0", "--allow-private"));
        command.addAll(List.of(more));
        command.addAll(site.seeds());
        return command;
    }

    private String queue(String name) {
        return "kafka://" + broker.address() + "/" + name;
    }

    /** The CPU for a page of one process with a broker, against one without. */
    List<Finding> withAndWithoutKafka(int rounds) throws IOException, InterruptedException {
        double[] without = new double[rounds];
        double[] with = new double[rounds];
        double[] ofBroker = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            System.err.println("crawl with and without a broker, round " + (round + 1) + " of " + rounds);
            Path own = Files.createTempDirectory(folder.path(), "kafka-");
            without[round] = cpuOfPage(crawl(own.resolve("without")), own, "without");
            double before = broker.cpu();
            with[round] = cpuOfPage(crawl(own.resolve("with"), "--queue", queue("cpu-" + round)), own, "with");
            ofBroker[round] = (broker.cpu() - before) * MILLI / site.pages();
        }
        out.println();
        out.println("| CPU for a page, ms, min - median - max | |");
        out.println("|---|---|");
        out.println("| one process without a broker | " + new Figures(without) + " |");
        out.println("| one process with a broker | " + new Figures(with) + " |");
        out.println("| the broker itself | " + new Figures(ofBroker) + " |");
        return List.of(new Finding(
                "with a broker : without", "CPU for a page", "one process", Interval.ofPairs(with, without), CPU));
    }

    private double cpuOfPage(List<String> command, Path own, String saved) throws IOException, InterruptedException {
        ProgramRun run = ProgramRun.of(command, Map.of(), own, PATIENCE).succeeded("thrum crawl");
        Fetched fetched = fetched(List.of(own.resolve(saved)));
        requireAll(fetched);
        return run.cpu() * MILLI / fetched.urls().size();
    }

    /** The pages a second of two processes against one, each held to half a core. */
    List<Finding> twoAndOne(int rounds) throws IOException, InterruptedException {
        double[] one = new double[rounds];
        double[] two = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            System.err.println("two processes and one, round " + (round + 1) + " of " + rounds);
            one[round] = pagesPerSecond("one-" + round, 1);
            two[round] = pagesPerSecond("two-" + round, 2);
        }
        out.println();
        out.println("| pages a second, each process held to half a core, min - median - max | |");
        out.println("|---|---|");
        out.println("| one process | " + new Figures(one).whole() + " |");
        out.println("| two processes | " + new Figures(two).whole() + " |");
        return List.of(new Finding(
                "two processes : one", "pages a second", "half a core each", Interval.ofPairs(two, one), SPEED));
    }

    private double pagesPerSecond(String name, int workers) throws IOException, InterruptedException {
        List<Path> saved = new ArrayList<>();
        List<Process> running = new ArrayList<>();
        try {
            for (int worker = 0; worker < workers; worker++) {
                Path into = folder.resolve(name + "-" + worker);
                saved.add(into);
                List<String> command = new ArrayList<>(HALF);
                command.addAll(crawl(into, "--queue", queue(name)));
                running.add(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                folder.resolve(name + "-" + worker + ".out").toFile())
                        .start());
            }
            for (Process process : running) {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("expected a crawl to end within " + PATIENCE.toMinutes() + " min");
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "expected cpulimit to hold a process to half a core but: " + e.getMessage()
                            + " (Debian: apt install cpulimit)",
                    e);
        } finally {
            running.forEach(Process::destroyForcibly);
        }
        Fetched fetched = fetched(saved);
        requireAll(fetched);
        return fetched.urls().size()
                / (Duration.between(fetched.first(), fetched.last()).toNanos() / 1e9);
    }

    private void requireAll(Fetched fetched) throws IOException {
        if (fetched.urls().size() != site.pages()) {
            throw new IOException("expected " + site.pages() + " pages but there are "
                    + fetched.urls().size());
        }
    }

    /** The pages in some folders, and when the first and the last of them were requested. */
    record Fetched(Set<String> urls, Instant first, Instant last) {}

    static Fetched fetched(List<Path> folders) throws IOException {
        Set<String> urls = new HashSet<>();
        Instant first = Instant.MAX;
        Instant last = Instant.MIN;
        for (Path each : folders) {
            for (String line : Files.readAllLines(each.resolve(CrawlOutputs.PAGES))) {
                Page page = page(line);
                urls.add(page.url());
                first = page.time().isBefore(first) ? page.time() : first;
                last = page.time().isAfter(last) ? page.time() : last;
            }
        }
        return new Fetched(urls, first, last);
    }

    /** A page, and when it was requested. */
    record Page(String url, Instant time) {}

    /** The page of a line. */
    static Page page(String line) throws IOException {
        Matcher page = PAGE.matcher(line);
        if (!page.matches()) {
            throw new IOException("expected the line of a page but was " + line);
        }
        return new Page(page.group(1), Instant.parse(page.group(2)));
    }
}
