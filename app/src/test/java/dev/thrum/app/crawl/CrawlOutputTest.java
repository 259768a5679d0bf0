package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.CrawlCounts;
import dev.thrum.crawl.crawler.CrawlEnd;
import dev.thrum.crawl.crawler.CrawlResult;
import dev.thrum.crawl.crawler.HostWait;
import dev.thrum.crawl.crawler.HostWait.Cause;
import dev.thrum.testkit.scripted.HandClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where there is no terminal, as in tests. */
final class CrawlOutputTest {
    private static final CrawlCounts COUNTS = new CrawlCounts(7, 1, 0, Map.of("robots", 4L), 1, 2, 14, null);

    private final HandClock clock = new HandClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CrawlOutput output = new CrawlOutput(new Screen(new PrintWriter(out), new PrintWriter(err)), clock);

    @AfterEach
    void close() {
        output.close();
    }

    @Test
    void progress_comesEveryTenSeconds_inOnePlainLine() {
        HostWait wait = new HostWait("http://a.example", Cause.RESPONSE, Duration.ofSeconds(9), 2);
        for (int second = 1; second < 25; second++) {
            clock.pass(Duration.ofSeconds(1));
            output.progress(COUNTS, List.of(wait));
        }

        assertThat(err.toString().lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith("4 left out; http://a.example waits 9 s for a response, with 2 URLs"))
                .allMatch(line -> line.chars().noneMatch(c -> c < ' '));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void endAsJson_namesTheSeedsThatCouldNotBeFetched() {
        List<String> seeds =
                List.of("http://a.example/: status 404", "http://b.example/\": robots: \u001b[31mDisallow");
        output.endAsJson(new CrawlResult(new CrawlEnd.Finished(), COUNTS, seeds));

        assertThat(out.toString())
                .isEqualToIgnoringNewLines("{\"end\":\"finished\",\"pages\":7,\"errors\":1,\"duplicates\":0,"
                        + "\"robots\":4,\"waiting\":2,\"failedSeeds\":[\"http://a.example/: status 404\","
                        + "\"http://b.example/\\\": robots: \\u001b[31mDisallow\"]}");
        assertThat(err.toString().lines())
                .hasSize(2)
                .first()
                .isEqualTo("thrum crawl: expected to fetch the seed http://a.example/: status 404");
    }
}
