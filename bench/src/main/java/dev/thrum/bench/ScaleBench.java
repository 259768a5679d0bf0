package dev.thrum.bench;

import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.options.ScaleOptions;
import dev.thrum.bench.peers.NginxProcess;
import dev.thrum.measure.Pinning;
import dev.thrum.measure.statistics.Finding;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code thrum bench scale}: what several processes cost that share a crawl or a chat, and what they gain. */
final class ScaleBench {
    /** So many times the pages for processes that are to be warm for most of the time. */
    private static final int WARM = 4;

    private final Path thrum;
    private final PrintStream out;

    ScaleBench(Path thrum, PrintStream out) {
        this.thrum = thrum;
        this.out = out;
    }

    void run(List<String> arguments) throws IOException, InterruptedException {
        ScaleOptions options = ScaleOptions.of(arguments);
        Pinning pinning = Pinning.find();
        Processes processes = new Processes(Protocol.HTTP, thrum.toAbsolutePath(), pinning);
        SpeedBench.about(out, "scale", arguments);
        List<Finding> findings = new ArrayList<>();
        try (ScratchFolder folder = ScratchFolder.nextTo(thrum)) {
            if (options.has(ScaleOptions.KAFKA)) {
                findings.addAll(crawls(
                        options.pages(),
                        CrawlSite.HOSTS,
                        processes,
                        folder,
                        crawls -> crawls.withAndWithoutKafka(options.rounds())));
            }
            if (options.has(ScaleOptions.WORKERS)) {
                findings.addAll(crawls(
                        options.pages() * WARM,
                        NginxProcess.ADDRESSES,
                        processes,
                        folder,
                        crawls -> crawls.twoAndOne(options.rounds())));
            }
            if (options.has(ScaleOptions.KILL)) {
                try (ScaleBroker broker = ScaleBroker.start(thrum, folder)) {
                    findings.addAll(new ScaleKills(thrum, out, folder, broker).measure(options.rounds()));
                }
            }
            if (options.has(ScaleOptions.CHAT)) {
                findings.addAll(new ScaleChat(thrum, out, folder).measure(options.rounds()));
            }
        }
        if (!findings.isEmpty()) {
            Finding.print(out, findings);
        }
    }

    private interface Part {
        List<Finding> measure(ScaleCrawls crawls) throws IOException, InterruptedException;
    }

    private List<Finding> crawls(int pages, int hosts, Processes processes, ScratchFolder folder, Part part)
            throws IOException, InterruptedException {
        try (CrawlSite site = CrawlSite.start(processes, pages, hosts, folder);
                ScaleBroker broker = ScaleBroker.start(thrum, folder)) {
            out.printf(
                    Locale.ROOT,
                    "* %,d pages of HTML on %d hosts, %.1f KB on average, with 30 links each, from nginx; no delay; one broker on the same machine%n",
                    site.pages(),
                    site.seeds().size(),
                    site.bytes() / 1e3 / site.pages());
            return part.measure(new ScaleCrawls(thrum, out, folder, site, broker));
        }
    }
}
