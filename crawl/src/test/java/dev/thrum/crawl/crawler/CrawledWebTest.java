package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.crawl.crawler.CrawlOptions.Limits;
import dev.thrum.crawl.crawler.CrawlOptions.Manners;
import dev.thrum.crawl.crawler.CrawlOptions.Reach;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.http.client.address.PublicAddresses;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.CrawlCheck;
import dev.thrum.testkit.web.PlannedLink;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Crawls of generated webs over real connections, compared with the plans of the webs and with the logs of their
 * servers.
 */
@ExtendWith(LeakCheck.class)
class CrawledWebTest {
    private static final Duration LONG = Duration.ofDays(1);

    @TempDir
    private Path temporary;

    private CrawlScene scene(WebPlan plan) throws Exception {
        return CrawlScene.of(temporary.resolve("crawl"), plan);
    }

    @Test
    void run_overAGeneratedWeb_recordsEachPageOnceWithTitleAndLinks() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(1).withHosts(5).withPages(80))) {
            WrittenCrawl written = scene.crawl(scene.options());

            assertThat(CrawlCheck.problems(scene.web, written)).isEmpty();
            assertThat(written.urls()).isEqualTo(new TreeSet<>(scene.web.map().reachable(_ -> true)));
            Map<String, List<String>> links = written.links();
            scene.web
                    .map()
                    .pages()
                    .forEach(page -> assertThat(links.getOrDefault(page.url(), List.of()))
                            .isEqualTo(
                                    page.links().stream().map(PlannedLink::to).toList()));
            assertThat(written.archived())
                    .containsAllEntriesOf(written.urls().stream().collect(Collectors.toMap(url -> url, _ -> 1)));
            // Nothing but pages, and two files of each host.
            assertThat(scene.web.log().all()).hasSize(5 * 80 + 5 * 2);
        }
    }

    @Test
    void run_makesAnIndexThatFindsEachPageByItsMarker() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(2).withHosts(2).withPages(40))) {
            WrittenCrawl written = scene.crawl(scene.options());

            try (SearchIndex index =
                    SearchIndex.open(scene.folder(), scene.engine().clock())) {
                for (PlannedPage page : scene.web.map().pages().toList()) {
                    assertThat(index.search(page.marker(), 1).hits())
                            .as(page.url())
                            .singleElement()
                            .satisfies(hit ->
                                    assertThat(WebMap.canonical(hit.url())).isEqualTo(page.url()));
                }
            }
            assertThat(written.pageCount()).isEqualTo(80);
        }
    }

    @Test
    void run_archivesEachRobotsAndSitemapThatItFetches_withItsRequest() {
        int _ = Trial.of((Scenario) world -> {
                    WebPlan plan = WebPlan.of(17)
                            .with(
                                    Catalogue.named("robots-redirect"),
                                    Catalogue.named("robots-500-twice"),
                                    Catalogue.named("sitemap-index"));
                    Path folder = temporary.resolve("seed-" + world.seed());
                    try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
                        CrawlOptions options = CrawlScene.options(
                                        world.engine(), web.map().seeds())
                                .withIndex(false);
                        Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
                        try (Crawl crawl = Crawl.create(folder, options, around, new CrawlListener() {})) {
                            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
                        }
                        Map<String, Integer> asked = new TreeMap<>();
                        web.log().all().forEach(request -> asked.merge(request.url(), 1, Integer::sum));
                        WrittenCrawl written = WrittenCrawl.read(folder);
                        assertThat(asked).containsValue(3);
                        assertThat(written.archived()).isEqualTo(asked);
                        assertThat(written.archived("request")).isEqualTo(asked);
                    }
                })
                .check(3);
    }

    @Test
    void run_withinOneHost_leavesTheOthersOutForTheirScope() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(3).withHosts(3).withPages(60))) {
            String origin = "http://" + scene.web.map().hosts().getFirst();
            WrittenCrawl written = scene.crawl(CrawlScene.options(scene.engine(), List.of(origin + "/")));
            Set<String> others = new TreeSet<>(linkedFrom(scene, written.urls()));
            others.removeAll(written.urls());

            assertThat(written.urls()).hasSize(60).allMatch(url -> url.startsWith(origin + "/"));
            assertThat(written.skippedFor("scope")).isEqualTo(others).isNotEmpty();
            assertThat(scene.web.log().hosts())
                    .containsExactly(scene.web.map().hosts().getFirst());
        }
    }

    @Test
    void run_withAnExclude_leavesOutWhatItFinds_andWhatOnlyThatLeadsTo() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(4).withHosts(3).withPages(80))) {
            String pattern = "(5\\.html|-\\d*[13]/?)$";
            Predicate<String> excluded = Pattern.compile(pattern).asPredicate();
            Set<String> expected = scene.web.map().generated(excluded.negate()).keySet();
            WrittenCrawl written = scene.crawl(
                    scene.options().withReach(new Reach(List.of(), List.of(), List.of(pattern), Integer.MAX_VALUE)));
            Set<String> left = linkedFrom(scene, expected).stream()
                    .filter(excluded)
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(written.urls()).isEqualTo(new TreeSet<>(expected));
            assertThat(written.skippedFor("excluded")).isEqualTo(left).isNotEmpty();
        }
    }

    /** The targets of the links of these pages. */
    private static Set<String> linkedFrom(CrawlScene scene, Set<String> urls) {
        return urls.stream()
                .flatMap(url -> scene.web.map().page(url).orElseThrow().links().stream())
                .map(PlannedLink::to)
                .collect(Collectors.toSet());
    }

    @Test
    void run_ofAWebWithAllKindsOfLinks_recordsWhatItLeavesOutAndWhy() throws Exception {
        WebPlan plan = WebPlan.of(5)
                .with(
                        Catalogue.named("robots-part"),
                        Catalogue.named("nofollow-rel"),
                        Catalogue.named("nofollow-elsewhere-followed"),
                        Catalogue.named("guard-links"),
                        Catalogue.named("type-image"),
                        Catalogue.named("redirect-chain"),
                        Catalogue.named("duplicate"),
                        Catalogue.named("status-404"));
        try (CrawlScene scene = scene(plan)) {
            WrittenCrawl written = scene.crawl(scene.options());

            assertThat(CrawlCheck.problems(scene.web, written)).isEmpty();
            assertThat(written.skippedFor("robots")).hasSize(1);
            assertThat(written.skippedFor("nofollow")).hasSize(1);
            assertThat(written.skippedFor("type")).hasSize(1);
        }
    }

    @Test
    void run_asksHostsPolitely() throws Exception {
        Duration delay = Duration.ofMillis(20);
        try (CrawlScene scene = scene(WebPlan.of(6).withHosts(6).withPages(12))) {
            CrawlOptions options = scene.options();
            WrittenCrawl written = scene.crawl(options.withPace(options.pace().withDelay(delay)));

            assertThat(written.pageCount()).isEqualTo(6 * 12);
            assertThat(scene.web.log().askedBeforeRobots()).isEmpty();
            for (String host : scene.web.map().hosts()) {
                assertThat(scene.web.log().mostAtOnce(host)).as(host).isEqualTo(1);
                assertThat(scene.web.log().pauses(host))
                        .as(host)
                        .hasSize(13)
                        .allMatch(pause -> pause.compareTo(delay) >= 0);
                assertThat(scene.web.log().count("http://" + host + "/robots.txt"))
                        .isEqualTo(1);
            }
            assertThat(scene.web.log().all())
                    .allMatch(asked -> asked.field("user-agent").equals("Thrum/0.1"));
        }
    }

    @Test
    void run_withAnAddress_tellsItWithEachRequest() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(16))) {
            String agent = "Example/1.0 (+https://example.org/crawler)";
            Manners manners = new Manners(agent, "crawler@example.org", true, true, true);
            WrittenCrawl written = scene.crawl(scene.options().withManners(manners));

            assertThat(scene.web.log().all())
                    .hasSizeGreaterThan(written.pageCount())
                    .allMatch(asked -> asked.field("from").equals("crawler@example.org"))
                    .allMatch(asked -> asked.field("user-agent").equals(agent));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@example.org",
                "a@",
                "a b@example.org",
                "a@b@c",
                "Me <a@b.org>",
                "a@b\nX: y",
                "\u00fc@b.org"
            })
    void manners_withAnAddressThatIsNone_sayWhatIsExpected(String from) {
        assertThatThrownBy(() -> new Manners("Thrum", from, true, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected a mail address such as crawler@example.org but was \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Thrum\n", "Thrum\r\nX: y", "Thr\u00fcm", " Thrum"})
    void manners_withAnAgentThatIsNoFieldValue_sayWhatIsExpected(String agent) {
        assertThatThrownBy(() -> new Manners(agent, null, true, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected an agent in printable ASCII but was \"");
    }

    @Test
    void run_whenRobotsAreIgnored_doesNotAskForThem() throws Exception {
        WebPlan plan = WebPlan.of(7).withPages(20).with(Catalogue.named("robots-all"));
        try (CrawlScene scene = scene(plan)) {
            WrittenCrawl written =
                    scene.crawl(scene.options().withManners(new Manners("thrum", null, false, true, false)));

            assertThat(written.skippedFor("robots")).isEmpty();
            assertThat(scene.web.log().all())
                    .hasSize(41)
                    .noneMatch(asked -> asked.target().equals("/robots.txt"));
        }
    }

    /** In the simulation, where requests that are sent at once arrive at once. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void run_withSeveralRequestsOfAHost_hasMoreThanOneAtOnce_andNotTooMany(boolean obeysRobots) {
        int perHost = 3;
        int _ = Trial.of((Scenario) world -> {
                    WebPlan plan = WebPlan.of(15).withPages(30);
                    try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
                        CrawlOptions options =
                                CrawlScene.options(world.engine(), web.map().seeds());
                        options = options.withIndex(false)
                                .withPace(options.pace().withAtOnce(perHost, 16))
                                .withManners(new Manners("thrum", null, obeysRobots, true, false));
                        Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
                        Path folder = temporary.resolve("seed-" + world.seed());
                        try (Crawl crawl = Crawl.create(folder, options, around, new CrawlListener() {})) {
                            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
                        }
                        assertThat(CrawlCheck.problems(web, WrittenCrawl.read(folder)))
                                .isEmpty();
                        assertThat(web.map().hosts())
                                .allSatisfy(host ->
                                        assertThat(web.log().mostAtOnce(host)).isBetween(2, perHost));
                    }
                })
                .check(3);
    }

    @Test
    void stop_thenResume_fetchesEachPageOnceInAll() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(8).withHosts(4).withPages(100))) {
            CrawlOptions options = scene.options();
            try (Crawl crawl = scene.create(options.withPace(options.pace().withDelay(Duration.ofMillis(2))))) {
                assertThat(CrawlScene.stopAt(crawl, 60)).isEqualTo(new CrawlEnd.Stopped("the test"));
            }
            int first = scene.written().pageCount();
            try (Crawl crawl = scene.resume(options)) {
                assertThat(CrawlScene.stopAt(crawl, 60)).isEqualTo(new CrawlEnd.Stopped("the test"));
            }
            int second = scene.written().pageCount();
            try (Crawl crawl = scene.resume(options)) {
                CrawlResult result = crawl.run();
                assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(result.counts().pages()).isEqualTo(400 - second);
            }

            assertThat(first).isBetween(60, 200);
            assertThat(second).isBetween(first + 60, 399);
            assertThat(CrawlCheck.problems(scene.web, scene.written())).isEmpty();
        }
    }

    @Test
    void limitOfPages_thenResume_endsAtTheLimitAndThenFinishes() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(9).withHosts(3).withPages(50))) {
            CrawlOptions options = scene.options();
            Limits defaults = options.limits();
            try (Crawl crawl =
                    scene.create(options.withLimits(new Limits(40, defaults.pagesOfHost(), defaults.size())))) {
                CrawlResult result = crawl.run();
                assertThat(result.end()).isEqualTo(new CrawlEnd.AtLimit("40 pages"));
                assertThat(result.counts().pages()).isEqualTo(40);
                assertThat(result.counts().waiting()).isPositive();
            }
            assertThat(scene.written().pageCount()).isEqualTo(40);
            try (Crawl crawl = scene.resume(options)) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
            }

            assertThat(CrawlCheck.problems(scene.web, scene.written())).isEmpty();
        }
    }

    /** In the simulation, whose clock shows how long that takes. */
    @Test
    void run_endsAsSoonAsItIsStopped_orALimitIsReached_orEverythingIsDone() {
        int _ = Trial.of((Scenario) world -> {
                    Duration delay = Duration.ofMillis(300);
                    Limits limits = CrawlOptions.Limits.defaults();
                    CrawlEnd stopped = new CrawlEnd.Stopped("the test");
                    assertThat(timeOf(
                                    world,
                                    options -> options.withPace(options.pace().withDelay(delay)),
                                    delay,
                                    stopped))
                            .isBetween(delay, delay.multipliedBy(2));
                    assertThat(timeOf(
                                    world,
                                    options -> options.withLimits(new Limits(4, limits.pagesOfHost(), limits.size())),
                                    LONG,
                                    new CrawlEnd.AtLimit("4 pages")))
                            .isLessThan(delay);
                    assertThat(timeOf(world, options -> options, LONG, new CrawlEnd.Finished()))
                            .isLessThan(delay);
                })
                .check(2);
    }

    /** How long a crawl with these options takes that is stopped after some time. */
    private Duration timeOf(
            Simulation world, UnaryOperator<CrawlOptions> changes, Duration stopAfter, CrawlEnd expected)
            throws Exception {
        try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), WebPlan.of(18), 0)) {
            CrawlOptions options = changes.apply(
                    CrawlScene.options(world.engine(), web.map().seeds()).withIndex(false));
            Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
            Path folder =
                    temporary.resolve(world.seed() + "-" + expected.getClass().getSimpleName());
            try (Crawl crawl = Crawl.create(folder, options, around, new CrawlListener() {})) {
                long begun = world.clock().nanoTime();
                Clock.Timer stop = world.clock().schedule(stopAfter, () -> crawl.stop("the test"));
                assertThat(crawl.run().end()).isEqualTo(expected);
                stop.cancel();
                return Duration.ofNanos(world.clock().nanoTime() - begun);
            }
        }
    }

    @Test
    void resume_ofAFinishedCrawl_isFinishedAtOnce_andChangesNothing() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(10))) {
            List<String> essence = scene.crawl(scene.options()).essence();
            int requests = scene.web.log().all().size();
            try (Crawl crawl = scene.resume(scene.options())) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
            }

            assertThat(scene.web.log().all()).hasSize(requests);
            assertThat(scene.written().essence()).isEqualTo(essence);
        }
    }

    @Test
    void create_inAFolderWithACrawl_isRefused_andSoIsASecondCrawlerInIt() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(11));
                Crawl _ = scene.create(scene.options())) {
            assertThatThrownBy(() -> scene.create(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining("--resume");
            assertThatThrownBy(() -> scene.resume(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining("is in use");
        }
    }

    @Test
    void resume_ofAFolderWithoutACrawl_isRefused() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(12))) {
            assertThat(Crawl.isIn(scene.folder())).isFalse();
            assertThatThrownBy(() -> scene.resume(scene.options()))
                    .isInstanceOf(CrawlFolderException.class)
                    .hasMessageContaining("--out");
        }
    }

    @Test
    void create_withASeedOfAPrivateAddress_isRefusedBeforeAnyConnection() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(13))) {
            assertThatThrownBy(() -> Crawl.create(
                            scene.folder(),
                            scene.options(),
                            scene.around(PublicAddresses.only()),
                            new CrawlListener() {}))
                    .isInstanceOf(SeedRefusedException.class)
                    .hasMessageContaining("--allow-private");

            assertThat(scene.web.log().connections()).isZero();
            assertThat(scene.folder()).doesNotExist();
        }
    }

    @Test
    void run_whenASeedIsNotThere_namesItAlsoWhenResumed() throws Exception {
        try (CrawlScene scene = scene(WebPlan.of(14))) {
            String seed = scene.web.map().seeds().getFirst() + "nothing-here";
            CrawlOptions options = CrawlScene.options(scene.engine(), List.of(seed));
            try (Crawl crawl = scene.create(options)) {
                CrawlResult result = crawl.run();

                assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                assertThat(result.failedSeeds()).containsExactly(seed + ": status 404");
            }
            try (Crawl crawl = scene.resume(options)) {
                CrawlResult result = crawl.run();

                assertThat(result.failedSeeds()).containsExactly(seed + ": status 404");
                assertThat(result.counts().waiting()).isZero();
            }
        }
    }
}
