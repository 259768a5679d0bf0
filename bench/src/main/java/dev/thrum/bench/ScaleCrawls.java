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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Crawls of the same pages by one process with and without a broker, and by two processes and one. */
record ScaleCrawls(Path thrum, PrintStream out, ScratchFolder folder, CrawlSite site, ScaleBroker broker) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Bound CPU = Bound.atMost(1.5, 1.2);
    private static final Bound SPEED = Bound.atLeast(1.8, 1.95);
    private static final double MILLI = 1e3;
    private static final double NANOS = 1e9;
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
        requireAll(fetched(own.resolve(saved)).size());
        return run.cpu() * MILLI / site.pages();
    }

    /** The pages a second of two processes against one, each held to half a core. */
    List<Finding> twoAndOne(int rounds) throws IOException, InterruptedException {
        List<Speed> one = new ArrayList<>();
        List<Speed> two = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            System.err.println("two processes and one, round " + (round + 1) + " of " + rounds);
            one.add(speed("one-" + round, 1));
            two.add(speed("two-" + round, 2));
        }
        out.println();
        out.println("| each process held to half a core | pages a second, in the middle half | in all"
                + " | part of the busiest process |");
        out.println("|---|---|---|---|");
        row("one process", one);
        row("two processes", two);
        return List.of(
                finding("in the middle half", Interval.ofPairs(two, one, Speed::middle), SPEED),
                finding("in all", Interval.ofPairs(two, one, Speed::all), Bound.none()));
    }

    private void row(String name, List<Speed> speeds) {
        out.println("| "
                + String.join(
                        " | ",
                        name,
                        Figures.of(speeds.stream().map(Speed::middle).toList()).whole(),
                        Figures.of(speeds.stream().map(Speed::all).toList()).whole(),
                        Figures.of(speeds.stream().map(Speed::busiest).toList()).toString())
                + " |");
    }

    private static Finding finding(String figure, Interval interval, Bound bound) {
        return new Finding("two processes : one", "pages a second " + figure, "half a core each", interval, bound);
    }

    /**
     * How fast a crawl was.
     *
     * @param middle pages a second while the second and the third quarter of them were requested: all processes are warm, and none has nothing left
     *     to do
     * @param all pages a second from the first request to the last
     * @param busiest the part of the pages that the busiest process has
     */
    private record Speed(double middle, double all, double busiest) {}

    private Speed speed(String name, int workers) throws IOException, InterruptedException {
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
            // Without cpulimit, a crawl that it has stopped would stay so for ever.
            running.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
            running.forEach(Process::destroyForcibly);
        }
        return speed(saved);
    }

    private Speed speed(List<Path> saved) throws IOException {
        Map<String, Instant> all = new HashMap<>();
        int most = 0;
        for (Path each : saved) {
            Map<String, Instant> fetched = fetched(each);
            most = Math.max(most, fetched.size());
            all.putAll(fetched);
        }
        requireAll(all.size());
        Instant[] times = all.values().stream().sorted().toArray(Instant[]::new);
        int quarter = times.length / 4;
        return new Speed(
                pagesPerSecond(times, quarter, times.length - 1 - quarter),
                pagesPerSecond(times, 0, times.length - 1),
                (double) most / times.length);
    }

    private static double pagesPerSecond(Instant[] times, int from, int to) {
        return (to - from) / (Duration.between(times[from], times[to]).toNanos() / NANOS);
    }

    private void requireAll(int pages) throws IOException {
        if (pages != site.pages()) {
            throw new IOException("expected " + site.pages() + " pages but there are " + pages);
        }
    }

    /** The pages in a folder, and when each was requested. */
    private static Map<String, Instant> fetched(Path saved) throws IOException {
        Map<String, Instant> fetched = new HashMap<>();
        for (String line : Files.readAllLines(saved.resolve(CrawlOutputs.PAGES))) {
            Page page = page(line);
            fetched.put(page.url(), page.time());
        }
        return fetched;
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
