package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.crawler.CrawlCounts.Changes;
import dev.thrum.crawl.crawler.CrawlOptions.Limits;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.Asked;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Crawls over earlier ones, of webs that change in between: they end like a crawl from scratch. */
@ExtendWith(LeakCheck.class)
class RefreshTest {
    private static final String PAGES_OF_EARLIER = "earlier/pages.jsonl";

    @TempDir
    private Path temporary;

    private CrawlScene scene(WebPlan plan) throws Exception {
        return CrawlScene.of(temporary.resolve("crawl"), plan);
    }

    private static Changes refresh(CrawlScene scene) throws Exception {
        return refresh(scene, scene.options());
    }

    private static Changes refresh(CrawlScene scene, CrawlOptions options) throws Exception {
        try (Crawl crawl = scene.refresh(options)) {
            CrawlResult result = crawl.run();
            assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
            return changes(result);
        }
    }

    private static Changes changes(CrawlResult result) {
        return Objects.requireNonNull(result.counts().changes());
    }

    /** A crawl into another folder of what the web has now. */
    private WrittenCrawl anew(CrawlScene scene, CrawlOptions options) throws Exception {
        Path folder = Files.createTempDirectory(temporary, "anew").resolve("crawl");
        try (Crawl crawl = Crawl.create(folder, options, scene.around(CrawlScene.LOOPBACK), new CrawlListener() {})) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        return WrittenCrawl.read(folder);
    }

    private static List<Asked> requestsSince(CrawlScene scene, int earlier) {
        List<Asked> all = scene.web.log().all();
        return all.subList(earlier, all.size());
    }

    private static void assertValid(WrittenCrawl written) throws IOException {
        for (Path file : written.warcFiles()) {
            assertThat(WrittenCrawl.isValid(file)).as(file.toString()).isTrue();
        }
    }

    /** The index has exactly the pages that were recorded with status 200. */
    private static void assertIndexed(CrawlScene scene, WrittenCrawl written) throws IOException {
        try (SearchIndex index = SearchIndex.open(scene.folder(), scene.engine().clock())) {
            for (PlannedPage page : scene.web.map().pages().toList()) {
                boolean isThere = written.page(page.url())
                        .filter(it -> it.status() == 200)
                        .isPresent();
                assertThat(index.search(page.marker(), 1).total())
                        .as(page.url())
                        .isEqualTo(isThere ? 1 : 0);
            }
        }
    }

    @Test
    void refresh_ofAWebThatHasNotChanged_isToldSoOfEachPage_andRecordsTheSame() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(1).withHosts(3).withPages(60))) {
            WrittenCrawl first = scene.crawl(scene.options());
            int requests = scene.web.log().all().size();

            assertThat(refresh(scene)).isEqualTo(new Changes(0, 0, 180, 0));

            WrittenCrawl second = scene.written();
            assertThat(second.essence()).isEqualTo(first.essence());
            assertThat(second.values("change")).containsOnly(Map.entry("same", 180));
            assertThat(requestsSince(scene, requests))
                    .hasSize(180 + 3 * 2)
                    .filteredOn(asked -> asked.field("if-none-match").equals("\"r0\""))
                    .hasSize(180);
            assertThat(second.records("server-not-modified")).isEqualTo(second.urls());
            assertThat(Files.readString(scene.folder().resolve(PAGES_OF_EARLIER))
                            .lines())
                    .hasSize(180);
            assertValid(second);
            assertIndexed(scene, second);
        }
    }

    @Test
    void refreshes_ofAWebThatChanges_endLikeCrawlsThatBeginAnew_withExactCounts() throws Exception {
        SplittableRandom random = new SplittableRandom(2);
        WebPlan plan = WebPlan.of(2)
                .withHosts(3)
                .withPages(50)
                .with(
                        Catalogue.named("robots-part"),
                        Catalogue.named("nofollow-rel"),
                        Catalogue.named("nofollow-elsewhere-followed"),
                        Catalogue.named("redirect-chain"),
                        Catalogue.named("type-image"),
                        Catalogue.named("duplicate"),
                        Catalogue.named("status-404"));
        try (CrawlScene scene = scene(plan)) {
            WrittenCrawl before = scene.crawl(scene.options());
            List<PlannedPage> pages = new ArrayList<>(scene.web.map().pages().toList());
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 12; i++) {
                    PlannedPage page = pages.get(random.nextInt(pages.size()));
                    // The third round brings back what the others have removed.
                    if (random.nextInt(3) == 0 && round < 2 && !page.url().endsWith("/")) {
                        scene.web.remove(page.url());
                    } else {
                        scene.web.change(page.url());
                    }
                }
                Changes changes = refresh(scene);

                WrittenCrawl after = scene.written();
                assertThat(after.essenceWithoutUnlinked())
                        .isEqualTo(anew(scene, scene.options()).essence());
                assertThat(changes).isEqualTo(before.changesTo(after));
                assertThat(after.values("change").getOrDefault("changed", 0)).isEqualTo((int) changes.changed());
                assertThat(after.urlsOfEarlier()).isEqualTo(before.urls());
                assertValid(after);
                assertIndexed(scene, after);
                before = after;
            }
        }
    }

    @Test
    void pageThatNothingLeadsToAnyMore_isGone_andNotRequested() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(3).withPages(40))) {
            WrittenCrawl first = scene.crawl(scene.options());
            PlannedPage parent = scene.web
                    .map()
                    .pages()
                    .filter(page -> !page.links().isEmpty() && !page.url().endsWith("/"))
                    .findFirst()
                    .orElseThrow();
            scene.web.remove(parent.url());
            int requests = scene.web.log().all().size();
            Changes changes = refresh(scene);

            WrittenCrawl second = scene.written();
            Set<String> unreached = new TreeSet<>(first.urls());
            unreached.removeAll(second.urls());
            assertThat(second.skippedFor("unlinked")).isEqualTo(unreached);
            assertThat(changes).isEqualTo(new Changes(0, 0, 80 - 1 - unreached.size(), 1 + unreached.size()));
            assertThat(second.values("change")).containsEntry("gone", 1);
            assertThat(requestsSince(scene, requests)).extracting(Asked::url).doesNotContainAnyElementsOf(unreached);
            assertIndexed(scene, second);
        }
    }

    @Test
    void refresh_withoutWarcFiles_asksWithConditions_andTheNextOneWithThemAsksForAll() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(4))) {
            CrawlOptions off =
                    CrawlScene.options(scene.engine(), scene.web.map().seeds(), OutputOptions.Warc.OFF);
            WrittenCrawl first = scene.crawl(off);
            assertThat(refresh(scene, off)).isEqualTo(new Changes(0, 0, 20, 0));
            assertThat(scene.web.log().all())
                    .filteredOn(asked -> !asked.field("if-none-match").isEmpty())
                    .hasSize(20);
            int requests = scene.web.log().all().size();
            // A revisit record would refer to a record that does not exist.
            assertThat(refresh(scene)).isEqualTo(new Changes(0, 0, 20, 0));

            assertThat(requestsSince(scene, requests))
                    .allMatch(asked -> asked.field("if-none-match").isEmpty());
            assertThat(scene.written().records("response")).containsAll(first.urls());
            assertThat(refresh(scene)).isEqualTo(new Changes(0, 0, 20, 0));
            assertThat(scene.written().records("server-not-modified")).isEqualTo(first.urls());
            assertValid(scene.written());
        }
    }

    @Test
    void refresh_thatIsStopped_isResumed_withTheCountsOfAllItsRuns() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(5).withHosts(4).withPages(60))) {
            WrittenCrawl before = scene.crawl(scene.options());
            scene.web
                    .map()
                    .pages()
                    .map(PlannedPage::url)
                    .filter(url -> url.hashCode() % 3 == 0)
                    .forEach(scene.web::change);
            Limits limits = scene.options().limits();
            CrawlOptions few = scene.options().withLimits(new Limits(50, limits.pagesOfHost(), limits.size()));
            try (Crawl crawl = scene.refresh(few)) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.AtLimit("50 pages"));
            }
            assertThatThrownBy(() -> scene.refresh(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining("--resume " + scene.folder());
            try (Crawl crawl = scene.resume(few)) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.AtLimit("50 pages"));
            }
            try (Crawl crawl = scene.resume(scene.options())) {
                CrawlResult result = crawl.run();
                assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(result.counts().pages()).isEqualTo(240 - 100);
                assertThat(changes(result)).isEqualTo(before.changesTo(scene.written()));
            }
            WrittenCrawl after = scene.written();
            assertThat(after.essence()).isEqualTo(anew(scene, scene.options()).essence());
            assertThat(after.archived())
                    .containsAllEntriesOf(after.urls().stream().collect(Collectors.toMap(url -> url, _ -> 2)));
            try (Crawl crawl = scene.resume(scene.options())) {
                CrawlResult again = crawl.run();
                assertThat(again.end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(again.counts().pages()).isZero();
                assertThat(changes(again)).isEqualTo(before.changesTo(after));
            }
            assertThat(scene.written().essence()).isEqualTo(after.essence());
        }
    }

    @Test
    void refresh_withOtherOptions_leavesOutWhatTheyExclude() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(6).withHosts(3).withPages(40))) {
            WrittenCrawl before = scene.crawl(scene.options());
            CrawlOptions.Reach reach =
                    new CrawlOptions.Reach(List.of(), List.of(), List.of("-\\d*[13]/?$"), Integer.MAX_VALUE);
            Changes changes = refresh(scene, scene.options().withReach(reach));

            WrittenCrawl after = scene.written();
            assertThat(after.skippedFor("excluded")).isNotEmpty();
            assertThat(after.skippedFor("unlinked")).doesNotContainAnyElementsOf(after.skippedFor("excluded"));
            assertThat(changes.gone())
                    .isEqualTo(before.there().size() - after.there().size());
            assertThat(after.essenceWithoutUnlinked())
                    .isEqualTo(anew(scene, scene.options().withReach(reach)).essence());
            assertIndexed(scene, after);
        }
    }

    @Test
    void refresh_ofACrawlThatHasNotEnded_isRefused_andChangesNothing() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(7).withPages(40))) {
            Limits limits = scene.options().limits();
            CrawlOptions few = scene.options().withLimits(new Limits(5, limits.pagesOfHost(), limits.size()));
            try (Crawl crawl = scene.create(few)) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.AtLimit("5 pages"));
            }
            assertThatThrownBy(() -> scene.refresh(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageStartingWith("expected a crawl that has ended but that in ")
                    .hasMessageContaining("continue it with --resume " + scene.folder());
            try (Crawl crawl = scene.resume(scene.options())) {
                CrawlResult result = crawl.run();
                assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(result.counts().changes()).isNull();
            }
            assertThat(scene.written().pageCount()).isEqualTo(80);
        }
    }

    @Test
    void refresh_ofAFolderThatCantBeRefreshed_isRefused() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(8))) {
            assertThatThrownBy(() -> scene.refresh(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessage("expected the folder of a crawl but " + scene.folder()
                            + " has none: name the folder that was its --out");
            scene.crawl(scene.options());
            assertThatThrownBy(() -> scene.refresh(scene.options().withIndex(false)))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining("expected a refresh with an index");
            assertThatThrownBy(() -> Crawl.refresh(
                            scene.folder(),
                            scene.options(),
                            scene.around(PublicAddresses.only()),
                            new CrawlListener() {}))
                    .isInstanceOf(SeedRefusedException.class);
            try (Crawl _ = scene.resume(scene.options())) {
                assertThatThrownBy(() -> scene.refresh(scene.options()))
                        .isInstanceOf(CrawlFolderException.class)
                        .hasMessageContaining("is in use");
            }
            assertThat(scene.folder().resolve("earlier")).doesNotExist();
            Files.move(scene.folder().resolve("state/crawl-1"), scene.folder().resolve("state/crawl-2"));
            assertThatThrownBy(() -> scene.refresh(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining(" has one of version 2, and this is version 1: use the release of Thrum");
        }
    }

    @Test
    void damagedLineOfTheEarlierCrawl_endsTheRefresh_withTheNameOfTheFile() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(9))) {
            scene.crawl(scene.options());
            try (Crawl crawl = scene.refresh(scene.options())) {
                Path pages = scene.folder().resolve(PAGES_OF_EARLIER);
                Files.writeString(pages, Files.readString(pages).replace("{", "x"));
                assertThat(crawl.run().end().toString())
                        .startsWith("stopped: expected lines of a crawl from offset ")
                        .contains(pages.toString());
            }
        }
    }

    @Test
    void urlsOfTheEarlierCrawl_areTheSameInAnySpelling() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(10).withPages(60))) {
            WrittenCrawl first = scene.crawl(scene.options());
            scene.web.map().pages().map(PlannedPage::url).forEach(scene.web::change);

            assertThat(refresh(scene)).isEqualTo(new Changes(0, 120, 0, 0));
            assertThat(scene.written().urls())
                    .isEqualTo(first.urls())
                    .allSatisfy(url -> assertThat(WebMap.canonical(url)).isEqualTo(url));
            assertIndexed(scene, scene.written());
        }
    }
}
