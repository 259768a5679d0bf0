package dev.thrum.crawl.shared;

import dev.thrum.base.Clock;
import dev.thrum.base.JsonLine;
import dev.thrum.base.Rfc3339;
import dev.thrum.pipeline.partitions.Partitions;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What a process tells others about itself, for {@code thrum crawl status}. Owned by the thread of {@link SharedRun}. */
final class ProcessReport {
    private final Partitions log;
    private final SharedUrls urls;
    private final LocalCrawl crawl;
    private final String machine = machine();
    private final Clock clock;
    private final long begun;

    ProcessReport(Partitions log, SharedUrls urls, LocalCrawl crawl, Clock clock) {
        this.log = log;
        this.urls = urls;
        this.crawl = crawl;
        this.clock = clock;
        this.begun = clock.nanoTime();
    }

    void tell(boolean hasLeft) {
        log.tell(SharedRun.PROCESS + log.member(), json(hasLeft));
    }

    private String json(boolean hasLeft) {
        LocalCrawl.Counts counts = crawl.counts();
        return new JsonLine()
                .with("member", log.member())
                .with("machine", machine)
                .with("dir", crawl.folder())
                .with("time", Rfc3339.text(clock.instant()))
                .with("seconds", (clock.nanoTime() - begun) / 1e9)
                .with("pages", counts.pages())
                .with("errors", counts.errors())
                .with("duplicates", counts.duplicates())
                .with("skipped", counts.skipped())
                .with("running", counts.running())
                .with("waiting", urls.waiting())
                .with("hosts", urls.hosts().size())
                .with("left", hasLeft)
                .withObjects("partitions", urls.owned().stream().map(this::json).toList())
                .withAll("slowest", crawl.slowest())
                .toString();
    }

    private JsonLine json(OwnedPartition partition) {
        SharedUrls.Progress progress = urls.progress(partition);
        return new JsonLine()
                .with("partition", partition.number)
                .with("position", log.position(partition.number))
                .with("waiting", progress.waiting())
                .with("running", progress.running())
                .with("known", progress.known())
                .with("complete", progress.isComplete());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
