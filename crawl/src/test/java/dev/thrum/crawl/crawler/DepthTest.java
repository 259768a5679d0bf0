package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.crawler.CrawlOptions.Limits;
import dev.thrum.crawl.crawler.CrawlOptions.Reach;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.web.ScriptedWeb;
import dev.thrum.testkit.web.WebFault;
import dev.thrum.testkit.web.WebLog;
import dev.thrum.testkit.web.WebMap;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.WebResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Crawls with a limit of depth: their pages don't depend on the order in which they are found. */
class DepthTest {
    private static final int PAGES = 60;
    private static final int LIMIT = 8;

    @TempDir
    private Path temporary;

    private static CrawlOptions limited(Simulation world, WebMap map, int depth) {
        return CrawlScene.options(world.engine(), map.seeds())
                .withIndex(false)
                .withReach(new Reach(List.of(), List.of(), List.of(), depth));
    }

    /**
     * Pages behind a long path, and behind a short one whose first page is only there after some seconds: {@code page} is
     * found three links from the seed, and then, over a redirect, at two.
     *
     * @param pause between the pieces of the response with {@code page}
     */
    private static WebFault shortPathLater(Duration pause) {
        return WebFault.ofHost("short-path", "A short path that is found late.", corner -> {
            corner.link("slow", "a")
                    .put("slow", WebResponse.status(500), WebResponse.status(500), corner.html("slow", "to"))
                    .page("a", "b")
                    .page("b", "to")
                    .put("to", WebResponse.redirect(302, "page"))
                    .put("page", corner.html("page", "child").inPieces(20, pause))
                    .page("child", "grandchild", "page")
                    .page("grandchild", "last")
                    .put("last", corner.html("last"));
        });
    }

    enum Way {
        IN_ONE_RUN(Duration.ZERO, 1, Integer.MAX_VALUE),
        /** Everything but the slow page is recorded in the first run: its own index and five pages, and those of two other hosts. */
        STOPPED_BEFORE(Duration.ZERO, 1, 6 + 2 * 3),
        /** The page is found again while its response arrives. */
        WHILE_IT_IS_FETCHED(Duration.ofSeconds(1), 2, Integer.MAX_VALUE);

        private final Duration pause;
        private final int perHost;
        private final int firstPages;

        Way(Duration pause, int perHost, int firstPages) {
            this.pause = pause;
            this.perHost = perHost;
            this.firstPages = firstPages;
        }
    }

    @ParameterizedTest
    @EnumSource
    void pageThatIsFoundAgainByAShorterPath_isExpandedAgain_withoutASecondFetchOrRecord(Way way) {
        int _ = Trial.of((Scenario) world -> {
                    Path folder = temporary.resolve("seed-" + world.seed());
                    WebPlan plan = WebPlan.of(1).withPages(3).with(shortPathLater(way.pause));
                    try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
                        CrawlOptions options = limited(world, web.map(), 4);
                        crawl(
                                world,
                                folder,
                                options.withPace(options.pace().withAtOnce(way.perHost, 8)),
                                way.firstPages);
                        WrittenCrawl written = WrittenCrawl.read(folder);

                        assertThat(names(written.urls()))
                                .contains("a", "b", "slow", "to", "page", "child", "grandchild")
                                .doesNotContain("last");
                        assertThat(names(written.skippedFor("depth"))).containsExactly("last");
                        assertFetchedOnce(web.log(), "to", "page", "child", "grandchild");
                        assertThat(written.links().values().stream()
                                        .map(links -> links.stream()
                                                .filter(link -> link.endsWith("/child"))
                                                .count()))
                                .containsOnly(0L, 1L);
                    }
                })
                .check(2);
    }

    private static Set<String> names(Set<String> urls) {
        return urls.stream()
                .map(url -> url.replaceAll(".*/", ""))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertFetchedOnce(WebLog log, String... names) {
        assertThat(names)
                .allSatisfy(name -> assertThat(log.all().stream()
                                .filter(asked -> asked.target().endsWith("/" + name)))
                        .hasSize(1));
    }

    /** @param pages after which it ends and is resumed, once */
    private static void crawl(Simulation world, Path folder, CrawlOptions options, int pages) throws Exception {
        Limits limits = options.limits();
        Crawl.Surroundings around = CrawlScene.around(world.engine(), CrawlScene.LOOPBACK);
        boolean isStopped = pages < Integer.MAX_VALUE;
        CrawlOptions first =
                isStopped ? options.withLimits(new Limits(pages, limits.pagesOfHost(), limits.size())) : options;
        try (Crawl crawl = Crawl.create(folder, first, around, new CrawlListener() {})) {
            assertThat(crawl.run().end())
                    .isEqualTo(isStopped ? new CrawlEnd.AtLimit(pages + " pages") : new CrawlEnd.Finished());
        }
        if (isStopped) {
            try (Crawl crawl = Crawl.resume(folder, options, around, new CrawlListener() {})) {
                assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
            }
        }
    }

    /** Each page leads to the next one, half of them to a later one, too; and a third answer only when they are asked again. */
    private static WebFault maze(int[][] links, SplittableRandom random) {
        return WebFault.ofHost("maze", "Short ways that are found late.", corner -> {
            corner.link("n0");
            for (int page = 0; page < links.length; page++) {
                WebResponse html = corner.html(
                        "n" + page,
                        Arrays.stream(links[page]).mapToObj(to -> "n" + to).toArray(String[]::new));
                if (random.nextInt(3) == 0) {
                    corner.put("n" + page, WebResponse.status(500), html);
                } else {
                    corner.put("n" + page, html);
                }
            }
        });
    }

    private static int[][] randomLinks(SplittableRandom random) {
        int[][] links = new int[PAGES][];
        for (int page = 0; page < PAGES; page++) {
            IntStream further = random.nextBoolean() ? IntStream.of(page + random.nextInt(2, 9)) : IntStream.empty();
            links[page] = IntStream.concat(IntStream.of(page + 1), further)
                    .filter(to -> to < PAGES)
                    .toArray();
        }
        return links;
    }

    /** The number of links to each page, the first of which is linked from the seed. */
    private static int[] depths(int[][] links) {
        int[] depths = new int[PAGES];
        Arrays.fill(depths, PAGES);
        depths[0] = 1;
        // All links lead forwards.
        for (int page = 0; page < PAGES; page++) {
            for (int to : links[page]) {
                depths[to] = Math.min(depths[to], depths[page] + 1);
            }
        }
        return depths;
    }

    /** In many orders of the requests, also when the crawl is resumed in the middle. */
    @Test
    void pages_areThoseThatAreNearEnough_whateverTheOrder() {
        int _ = Trial.of((Scenario) world -> {
                    SplittableRandom random = new SplittableRandom(world.seed());
                    int[][] links = randomLinks(random);
                    WebPlan plan = WebPlan.of(1).with(maze(links, random));
                    Path folder = temporary.resolve("maze-" + world.seed());
                    try (ScriptedWeb web = ScriptedWeb.startOnOneMachine(world.engine(), plan, 0)) {
                        Set<Integer> near = at(depths(links), 1, LIMIT);
                        crawl(
                                world,
                                folder,
                                limited(world, web.map(), LIMIT),
                                world.seed() % 2 == 0 ? Integer.MAX_VALUE : near.size());
                        WrittenCrawl written = WrittenCrawl.read(folder);

                        assertThat(numbers(written.urls())).isEqualTo(near);
                        assertThat(numbers(written.skippedFor("depth")))
                                .isEqualTo(at(depths(links), LIMIT + 1, LIMIT + 1))
                                .isNotEmpty();
                    }
                })
                .check(12);
    }

    private static Set<Integer> numbers(Set<String> urls) {
        return names(urls).stream()
                .filter(name -> name.matches("n\\d+"))
                .map(name -> Integer.valueOf(name.substring(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Integer> at(int[] depths, int least, int most) {
        return IntStream.range(0, PAGES)
                .filter(page -> depths[page] >= least && depths[page] <= most)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
