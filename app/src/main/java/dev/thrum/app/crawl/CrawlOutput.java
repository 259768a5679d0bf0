package dev.thrum.app.crawl;

import dev.thrum.base.Clock;
import dev.thrum.base.JsonLine;
import dev.thrum.base.Plural;
import dev.thrum.base.Printable;
import dev.thrum.crawl.crawler.CrawlCounts;
import dev.thrum.crawl.crawler.CrawlEnd;
import dev.thrum.crawl.crawler.CrawlListener;
import dev.thrum.crawl.crawler.CrawlResult;
import dev.thrum.crawl.crawler.HostWait;
import dev.thrum.http.client.url.Url;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** What {@code thrum crawl} prints: how far it is, and at the end what came of it. Used by one thread, except for {@link #adopted}. */
final class CrawlOutput implements CrawlListener, AutoCloseable {
    /** Between two lines where there is no terminal. */
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Screen screen;
    private final Clock clock;
    private final @Nullable Terminal terminal = Progress.terminal();
    private final CrawlLines lines;
    private long lastLine;

    /** Whether the log of the crawl was out of reach the last time, and the time before. */
    private boolean isOutOfReach;

    private boolean wasOutOfReach;

    CrawlOutput(Screen screen, Clock clock) {
        this.screen = screen;
        this.clock = clock;
        this.lines = new CrawlLines(clock.nanoTime());
        this.lastLine = clock.nanoTime();
    }

    @Override
    public void progress(CrawlCounts counts, List<HostWait> slowest) {
        wasOutOfReach = isOutOfReach;
        isOutOfReach = false;
        long now = clock.nanoTime();
        List<String> shown = lines.at(now, counts, slowest);
        if (terminal != null) {
            Progress.show(screen, terminal, shown);
        } else if (now - lastLine >= PERIOD.toNanos()) {
            screen.err(String.join("; ", shown));
            lastLine = now;
        }
    }

    @Override
    public void adopted(Url seed, Url target) {
        screen.err("thrum crawl: " + Printable.of(seed.toString()) + " redirects to " + Printable.of(target.toString())
                + ", so " + Printable.of(target.hostAndPort()) + " is crawled, too");
    }

    @Override
    public void outOfReach(String why) {
        if (!wasOutOfReach) {
            screen.err("thrum crawl: " + Printable.of(why) + "; nothing is requested until it answers");
        }
        isOutOfReach = true;
    }

    /**
     * Prints what came of the crawl.
     *
     * @param command that continues it
     */
    void end(CrawlResult result, String command) {
        begin(result);
        CrawlCounts counts = result.counts();
        StringBuilder line = new StringBuilder(Printable.of(result.end().toString()));
        line.append(": ").append(Plural.of(counts.pages(), "page"));
        line.append(", ").append(Plural.of(counts.errors(), "error"));
        line.append(", ").append(Plural.of(counts.duplicates(), "duplicate"));
        CrawlCounts.Changes changes = counts.changes();
        if (changes != null) {
            line.append("; ").append(changes.added()).append(" new, ");
            line.append(changes.changed()).append(" changed, ");
            line.append(changes.same()).append(" same, ");
            line.append(changes.gone()).append(" gone");
        }
        if (!counts.skipped().isEmpty()) {
            line.append("; left out: ")
                    .append(counts.skipped().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(each -> each.getValue() + " " + each.getKey())
                            .collect(Collectors.joining(", ")));
        }
        screen.out(line.toString());
        if (!(result.end() instanceof CrawlEnd.Finished)) {
            screen.out(counts.waiting() + " URLs wait: continue with " + command);
        }
        screen.flush();
    }

    private void begin(CrawlResult result) {
        screen.flush();
        for (String seed : result.failedSeeds()) {
            screen.err("thrum crawl: expected to fetch the seed " + Printable.of(seed));
        }
    }

    /** Prints what came of the crawl as JSON. */
    void endAsJson(CrawlResult result) {
        CrawlCounts counts = result.counts();
        JsonLine line = new JsonLine()
                .with("end", result.end().toString())
                .with("pages", counts.pages())
                .with("errors", counts.errors())
                .with("duplicates", counts.duplicates());
        CrawlCounts.Changes changes = counts.changes();
        if (changes != null) {
            JsonLine _ = line.with("new", changes.added())
                    .with("changed", changes.changed())
                    .with("same", changes.same())
                    .with("gone", changes.gone());
        }
        counts.skipped().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> line.with(each.getKey(), each.getValue()));
        begin(result);
        screen.out(line.with("waiting", counts.waiting())
                .withAll("failedSeeds", result.failedSeeds())
                .toString());
        screen.flush();
    }

    @Override
    public void close() {
        screen.flush();
        Progress.close(terminal);
    }
}
