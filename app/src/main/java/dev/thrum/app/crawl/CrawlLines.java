package dev.thrum.app.crawl;

import dev.thrum.crawl.crawler.CrawlCounts;
import dev.thrum.crawl.crawler.HostWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The lines that show how far a crawl is: its counts, and the slowest hosts.
 *
 * <p>Owned by the thread that shows them.
 */
final class CrawlLines {
    private final long begun;
    private final Speed speed;

    /** Begins at this time. */
    CrawlLines(long nanos) {
        begun = nanos;
        speed = new Speed(nanos, 0);
    }

    /** The lines at this time; the first one is of all hosts. */
    List<String> at(long nanos, CrawlCounts counts, List<HostWait> slowest) {
        speed.at(nanos, counts.pages());
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s  %,d pages, %.1f a second; %,d running, %,d waiting, %,d known; %,d errors, %,d duplicates, %,d left out",
                ProgressLines.clock(Duration.ofNanos(nanos - begun).toSeconds()),
                counts.pages(),
                speed.perSecond(),
                counts.running(),
                counts.waiting(),
                counts.known(),
                counts.errors(),
                counts.duplicates(),
                counts.skipped().values().stream().mapToLong(Long::longValue).sum()));
        slowest.forEach(host -> lines.add(host.toString()));
        return lines;
    }
}
