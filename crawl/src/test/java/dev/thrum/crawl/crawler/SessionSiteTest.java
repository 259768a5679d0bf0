package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.CrawlOptions.Limits;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.http.client.url.Url;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.Corner;
import dev.thrum.testkit.web.Responder.Visit;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.WebResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A site whose pages have a new session in each of their links. */
@ExtendWith(LeakCheck.class)
class SessionSiteTest {
    private static final int PAGES = 40;
    private static final int PAGES_OF_HOST = 100_000;

    /** Those that are fetched before it is clear that there are sessions, and while that is recorded. */
    private static final long MOST_REQUESTS = 8 * PAGES;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(1);

    private WebPlan plan() {
        return WebPlan.of(1).withHosts(2).withPages(2).with(WebFault.ofHost("sessions", "A shop.", corner -> {
            corner.link("p0").putBelow("p", visit -> page(corner, visit));
        }));
    }

    /** A page whose text depends on its number only; it links to all others. */
    private WebResponse page(Corner corner, Visit visit) {
        String path = visit.asked().target().replaceAll("^/|\\?.*$", "");
        return corner.html(
                path,
                IntStream.range(0, PAGES)
                        .mapToObj(page -> "p" + page + "?sid=" + token())
                        .toArray(String[]::new));
    }

    private synchronized String token() {
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE) + Long.toHexString(random.nextLong());
    }

    private static CrawlOptions oneHost(CrawlScene scene) {
        List<String> seeds = scene.web.map().seeds();
        return CrawlScene.options(scene.engine(), List.of(seeds.getLast())).withIndex(true);
    }

    private static long requests(CrawlScene scene) {
        return scene.web.log().all().stream()
                .filter(asked -> asked.target().startsWith("/p"))
                .count();
    }

    @Test
    void crawl_fetchesEachPage_andLeavesItsOtherSessionsOut() throws Exception {
        try (CrawlScene scene = CrawlScene.of(folder.resolve("crawl"), plan())) {
            WrittenCrawl written = scene.crawl(oneHost(scene));

            assertThat(IntStream.range(0, PAGES))
                    .allSatisfy(page -> assertThat(written.essence())
                            .anyMatch(line -> line.matches(".*/p" + page + "(\\?sid=\\w+)? 200 .*")));
            assertThat(requests(scene)).isBetween((long) PAGES, MOST_REQUESTS);
            assertThat(written.skippedFor("session")).hasSizeGreaterThan(PAGES);
        }
    }

    @Test
    void resume_knowsTheSessionsThatWereLearned() throws Exception {
        try (CrawlScene scene = CrawlScene.of(folder.resolve("crawl"), plan())) {
            CrawlOptions options = oneHost(scene);
            Url url = Url.parse(options.seeds().getFirst() + "p0?sid=1");
            Limits limits = new Limits(PAGES + 20, PAGES_OF_HOST, 1 << 20);
            try (Crawl crawl = scene.create(options.withLimits(limits))) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.AtLimit("60 pages"));
            }
            for (int time = 0; time < 3; time++) {
                try (CrawlFolder opened =
                        CrawlFolder.open(scene.folder(), options, scene.engine().clock(), random)) {
                    SessionParameters sessions = opened.memory.sessions();
                    assertThat(sessions.withoutSession(url).map(Url::href))
                            .isEqualTo(Optional.of(url.href().replace("?sid=1", "")));
                    opened.frontier.commit(opened.frontier.checkpoint().orElseThrow());
                }
            }
            try (Crawl crawl = scene.resume(options)) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(crawl.counts().waiting()).isZero();
            }

            assertThat(requests(scene)).isBetween((long) PAGES, MOST_REQUESTS);
        }
    }
}
