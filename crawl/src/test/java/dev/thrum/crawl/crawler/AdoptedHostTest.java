package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.web.CrawlCheck;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebHosts;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that belongs to a crawl because a seed redirects to it. */
final class AdoptedHostTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void hostStaysInTheCrawl_whenItIsResumed(int pages) {
        int _ = Trial.of(world -> crawlInTwoParts(world, pages)).check(1);
    }

    private void crawlInTwoParts(Simulation world, int pages) throws Exception {
        WebPlan plan =
                WebPlan.of(1).withPages(3).with(Catalogue.named("seed-to-www")).withNames();
        world.names(WebHosts::lookUp);
        try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
            CrawlOptions options =
                    CrawlScene.options(world.engine(), web.map().seeds()).withIndex(false);
            CrawlOptions.Limits limits = new CrawlOptions.Limits(
                    pages, options.limits().pagesOfHost(), options.limits().size());
            Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
            try (Crawl crawl = Crawl.create(folder, options.withLimits(limits), around, new CrawlListener() {})) {
                assertThat(crawl.run().end()).isInstanceOf(CrawlEnd.AtLimit.class);
            }
            try (Crawl crawl = Crawl.resume(folder, options, around, new CrawlListener() {})) {
                assertThat(crawl.run().end()).isInstanceOf(CrawlEnd.Finished.class);
                assertThat(crawl.counts().waiting()).isZero();
            }
            assertThat(CrawlCheck.problems(web, WrittenCrawl.read(folder))).isEmpty();
        }
    }
}
