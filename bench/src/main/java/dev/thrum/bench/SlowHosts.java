package dev.thrum.bench;

import dev.thrum.bench.crawl.LoopbackHosts;
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
import java.util.Map;
import java.util.stream.Stream;

/** The time of {@code thrum crawl} for 40 hosts whose pages take 200 ms each, and for one of them by itself. */
record SlowHosts(Path thrum, PrintStream out, ScratchFolder folder) {
    private static final int HOSTS = 40;
    private static final int PAGES = 25;
    private static final Duration WAIT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Bound BOUND = Bound.atMost(1.5, 1.5);

    List<Finding> measure(int rounds) throws IOException, InterruptedException {
        double[] together = new double[rounds];
        double[] alone = new double[rounds];
        try (LoopbackHosts hosts = LoopbackHosts.start(HOSTS, WAIT, SlowHosts::page)) {
            for (int round = 0; round < rounds; round++) {
                System.err.println("crawl, slow hosts, round " + (round + 1) + " of " + rounds);
                together[round] = elapsed(hosts.seeds());
                alone[round] = elapsed(hosts.seeds().subList(0, 1));
            }
        }
        out.println();
        out.println("| hosts with " + PAGES + " pages of " + WAIT.toMillis()
                + " ms each | elapsed, s, min - median - max |");
        out.println("|---|---|");
        out.println("| " + HOSTS + " hosts together | " + new Figures(together) + " |");
        out.println("| one by itself | " + new Figures(alone) + " |");
        return List.of(new Finding(
                HOSTS + " hosts : one", "elapsed", "pages of 200 ms", Interval.ofPairs(together, alone), BOUND));
    }

    /** The links of a page: they make a tree. */
    private static String page(int number) {
        StringBuilder links = new StringBuilder();
        for (int child = 2 * number + 1; child <= 2 * number + 2 && child < PAGES; child++) {
            links.append(LoopbackHosts.link(child));
        }
        return links.toString();
    }

    private double elapsed(List<String> seeds) throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder.path(), "slow-");
        Path saved = own.resolve("saved");
        List<String> command = new ArrayList<>(
                List.of(thrum.toString(), "crawl", "--out", saved.toString(), "--delay", "0", "--allow-private"));
        command.addAll(seeds);
        ProgramRun run = ProgramRun.of(command, Map.of(), own, PATIENCE).succeeded("thrum crawl");
        try (Stream<String> lines = Files.lines(saved.resolve(CrawlOutputs.PAGES))) {
            long found = lines.count();
            if (found != (long) PAGES * seeds.size()) {
                throw new IOException("expected " + PAGES * seeds.size() + " pages but found " + found);
            }
        }
        return run.elapsed();
    }
}
