package dev.thrum.app.crawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.CrawlCounts;
import dev.thrum.crawl.crawler.HostWait;
import dev.thrum.crawl.crawler.HostWait.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class CrawlLinesTest {
    private static CrawlCounts counts(long pages) {
        return new CrawlCounts(pages, 2, 3, Map.of("robots", 4L, "scope", 1_000L), 5, 60_000, 70_000, null);
    }

    @Test
    void lines_haveTheCounts_theRateOfNow_andTheSlowestHosts() {
        CrawlLines lines = new CrawlLines(0);
        HostWait wait = new HostWait("https://a.example", Cause.DELAY, Duration.ofMillis(2_100), 1);

        assertThat(lines.at(TimeUnit.SECONDS.toNanos(2), counts(1_000), List.of(wait)))
                .containsExactly(
                        "0:02  1,000 pages, 500.0 a second; 5 running, 60,000 waiting, 70,000 known;"
                                + " 2 errors, 3 duplicates, 1,004 left out",
                        "https://a.example waits 3 s more for its delay, with 1 URL");
        assertThat(lines.at(TimeUnit.SECONDS.toNanos(3_602), counts(1_000), List.of()))
                .singleElement()
                .asString()
                .startsWith("1:00:02  1,000 pages, 0.0 a second; ");
    }
}
