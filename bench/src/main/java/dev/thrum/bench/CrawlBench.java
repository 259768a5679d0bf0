package dev.thrum.bench;

import dev.thrum.bench.options.CrawlOptions;
import dev.thrum.bench.options.Protocol;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code thrum bench crawl}: {@code thrum crawl} compared with other crawlers, and what it does compared with its bounds. */
final class CrawlBench {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path thrum;
    private final PrintStream out;
    private final List<Finding> findings = new ArrayList<>();

    CrawlBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        CrawlOptions options = CrawlOptions.of(arguments);
        Pinning pinning = Pinning.find();
        System.err.println(pinning.remark());
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), pinning);
        SpeedBench.about(out, "crawl", arguments);
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            if (options.has(CrawlOptions.WGET) || options.has(CrawlOptions.PEERS) || options.has(CrawlOptions.SEARCH)) {
                linkedPages(options, processes, folder);
            }
            if (options.has(CrawlOptions.SCANNER)) {
                findings.addAll(new CrawlParts(processes, out).scanner(options.roundsOf(CrawlOptions.SCANNER)));
            }
            if (options.has(CrawlOptions.MEMORY) || options.has(CrawlOptions.RESUME)) {
                findings.addAll(new KnownUrls(thrum, out, folder, options).measure());
            }
            if (options.has(CrawlOptions.HOSTS)) {
                findings.addAll(new SlowHosts(thrum, out, folder).measure(options.roundsOf(CrawlOptions.HOSTS)));
            }
        }
        if (!findings.isEmpty()) {
            Finding.print(out, findings);
        }
    }

    private void linkedPages(CrawlOptions options, Processes processes, ScratchFolder folder)
            throws IOException, InterruptedException {
        try (CrawlSite site = CrawlSite.start(processes, options.pages(), CrawlSite.HOSTS, folder)) {
            out.printf(
                    Locale.ROOT,
                    "* %,d pages of HTML on %d hosts, %.1f KB on average, with 30 links each, from nginx; no delay; CPU in user mode and in"
                            + " the kernel of whole processes, in turn%n",
                    site.pages(),
                    site.seeds().size(),
                    site.bytes() / 1e3 / site.pages());
            Crawlers crawlers = new Crawlers(thrum, out, folder, site);
            if (options.has(CrawlOptions.WGET)) {
                findings.addAll(crawlers.withWget(options.roundsOf(CrawlOptions.WGET)));
            }
            if (options.has(CrawlOptions.PEERS)) {
                findings.addAll(crawlers.withPeers(options.roundsOf(CrawlOptions.PEERS)));
            }
            if (options.has(CrawlOptions.SEARCH)) {
                search(options, site, processes, folder);
            }
        }
    }

    private void search(CrawlOptions options, CrawlSite site, Processes processes, ScratchFolder folder)
            throws IOException, InterruptedException {
        System.err.println("making the index");
        Path own = Files.createTempDirectory(folder.path(), "index-");
        Path saved = own.resolve("saved");
        List<String> command = new ArrayList<>(List.of(
                thrum.toString(),
                "crawl",
                "--out",
                saved.toString(),
                "--delay",
                "0",
                "--allow-private",
                "--warc",
                "off"));
        command.addAll(site.seeds());
        var _ = ProgramRun.of(command, Map.of(), own, PATIENCE).succeeded("thrum crawl");
        findings.addAll(
                new CrawlParts(processes, out).search(saved, site.pages(), options.roundsOf(CrawlOptions.SEARCH)));
    }
}
