package dev.thrum.bench;

import dev.thrum.bench.crawl.LoopbackHosts;
import dev.thrum.bench.tables.Figures;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.RecordedLines;
import dev.thrum.crawl.crawler.CommittedCrawl;
import dev.thrum.crawl.crawler.CrawlFolderException;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * One of two crawling processes is killed: what is fetched twice, of what it had in hand, and how long its hosts wait for the other one. The hosts
 * are in this process, which sees every request.
 */
record ScaleKills(Path thrum, PrintStream out, ScratchFolder folder, ScaleBroker broker) {
    private static final int HOSTS = 16;
    private static final int PAGES = 150;

    /** So long that the crawl lasts longer than the session. */
    private static final Duration WAIT = Duration.ofMillis(60);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Bound REPEATED = Bound.atMost(1, 1);
    private static final Bound BEGUN = Bound.atMost(5, 1);
    private static final double NANOS = 1e9;

    /** What a process has sent before it was killed may arrive a little later. */
    private static final long ON_THE_WAY = 100_000_000;

    /** A request for a page, and when it came. */
    private record Seen(String url, long nanos, Instant time) {}

    List<Finding> measure(int rounds) throws IOException, InterruptedException {
        List<Double> repeated = new ArrayList<>();
        List<Double> begun = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            System.err.println("kill, round " + (round + 1) + " of " + rounds);
            ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
            try (LoopbackHosts hosts = LoopbackHosts.start(
                    HOSTS, WAIT, ScaleKills::page, url -> seen.add(new Seen(url, System.nanoTime(), Instant.now())))) {
                round("kill-" + round, hosts.seeds(), seen, repeated, begun);
            }
        }
        out.println();
        out.println("| after a kill, min - median - max | |");
        out.println("|---|---|");
        out.println("| pages fetched again, for each that was in hand | " + Figures.of(repeated) + " |");
        out.println("| until the first page by the new owner, beyond the session, s | " + Figures.of(begun) + " |");
        return List.of(
                new Finding("fetched again : in hand", "pages", "kill -9", Interval.of(repeated), REPEATED),
                new Finding("first page after the session", "s", "kill -9", Interval.of(begun), BEGUN));
    }

    /** The links of a page: they make a tree. */
    private static String page(int number) {
        StringBuilder links = new StringBuilder();
        for (int child = 2 * number + 1; child <= 2 * number + 2 && child < PAGES; child++) {
            links.append(LoopbackHosts.link(child));
        }
        return links.toString();
    }

    private void round(
            String name,
            List<String> seeds,
            ConcurrentLinkedQueue<Seen> seen,
            List<Double> repeated,
            List<Double> begun)
            throws IOException, InterruptedException {
        Path killed = folder.resolve(name + "-killed");
        Path other = folder.resolve(name + "-other");
        List<Process> workers = new ArrayList<>();
        try {
            workers.add(start(name, seeds, killed));
            workers.add(start(name, seeds, other));
            while (seen.size() < HOSTS * PAGES / 3 || !hasPages(killed) || !hasPages(other)) {
                if (!workers.getFirst().isAlive()) {
                    throw new IOException("expected a crawl to go on until it is killed but it has ended");
                }
                Thread.sleep(10);
            }
            var _ = workers.getFirst().destroyForcibly().waitFor();
            long moment = System.nanoTime();
            Instant time = Instant.now();
            if (!workers.getLast().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("expected the other process to crawl to the end but it goes on");
            }
            evaluate(List.copyOf(seen), moment, time, List.of(killed, other), repeated, begun);
        } finally {
            workers.forEach(Process::destroyForcibly);
        }
    }

    private static boolean hasPages(Path saved) throws IOException {
        Path pages = saved.resolve(CrawlOutputs.PAGES);
        return Files.exists(pages) && Files.size(pages) > 0;
    }

    private Process start(String name, List<String> seeds, Path saved) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                thrum.toString(),
                "crawl",
                "--queue",
                "kafka://" + broker.address() + "/" + name,
                "--out",
                saved.toString(),
                "--delay",
                "0",
                "--allow-private"));
        command.addAll(seeds);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of(saved + ".out").toFile())
                .start();
    }

    private static void evaluate(
            List<Seen> seen, long moment, Instant time, List<Path> saved, List<Double> repeated, List<Double> begun)
            throws IOException {
        Set<String> ofOther = pagesBefore(saved.getLast(), time.plusNanos(ON_THE_WAY));
        Set<String> durable = durable(saved.getFirst());
        Set<String> inHand = new HashSet<>();
        Map<String, Boolean> isOfKilled = new HashMap<>();
        Set<String> known = new HashSet<>();
        long again = 0;
        long first = 0;
        for (Seen request : seen) {
            boolean isAgain = !known.add(request.url());
            String host = host(request.url());
            if (request.nanos() < moment + ON_THE_WAY) {
                // Hosts move when the second process comes, so the last request says whose it is.
                boolean isByKilled = !ofOther.contains(request.url());
                isOfKilled.put(host, isByKilled);
                if (isByKilled && !durable.contains(request.url())) {
                    inHand.add(request.url());
                }
            } else {
                again += isAgain ? 1 : 0;
                first = first == 0 && isOfKilled.getOrDefault(host, false) ? request.nanos() : first;
            }
        }
        if (first == 0 || inHand.isEmpty()) {
            throw new IOException("expected a process that is killed with pages in hand, whose hosts are asked again,"
                    + " but there were none: repeat it");
        }
        repeated.add(again / (double) inHand.size());
        begun.add((first - moment) / NANOS - ScaleBroker.SESSION_SECONDS);
    }

    private static String host(String url) {
        return url.substring(0, url.indexOf('/', "http://".length()));
    }

    private static Set<String> pagesBefore(Path folder, Instant time) throws IOException {
        Set<String> urls = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve(CrawlOutputs.PAGES))) {
            ScaleCrawls.Page page = ScaleCrawls.page(line);
            if (page.time().isBefore(time)) {
                urls.add(page.url());
            }
        }
        return urls;
    }

    /** The pages of a killed process that its last commit counts. */
    private static Set<String> durable(Path folder) throws IOException {
        Set<String> urls = new HashSet<>();
        try (CommittedCrawl crawl = CommittedCrawl.open(folder);
                RecordedLines pages =
                        RecordedLines.pages(folder, crawl.outputs().pages())) {
            while (pages.next()) {
                urls.add(pages.page().url());
            }
        } catch (CrawlFolderException e) {
            throw new IOException(e);
        }
        return urls;
    }
}
