package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.crawl.search.SearchPage;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.ChildJvm;
import dev.thrum.testkit.scripted.Mutations;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crawling processes that are killed at any moment, and then resumed: their crawl ends like one that nothing has
 * disturbed.
 */
class CrawlKillTest {
    private static final int PAGES = 250;

    /** So that a crawl lasts long enough to be killed between, before and after its commits. */
    private static final Duration DELAY = Duration.ofMillis(8);

    @TempDir
    private Path temporary;

    /** Says that the crawl in the folder is to be refreshed. */
    static final String REFRESH = "refresh";

    /**
     * Crawls from the seeds of the arguments into the folder of the first, or resumes or refreshes that; run in a process
     * of its own.
     */
    public static final class Crawling {
        private Crawling() {}

        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            boolean isRefresh = args[1].equals(REFRESH);
            try (Engine engine = Engine.virtual()) {
                CrawlOptions options =
                        slow(CrawlScene.options(engine, List.of(args).subList(isRefresh ? 2 : 1, args.length)));
                Crawl.Surroundings around = CrawlScene.around(engine, CrawlScene.LOOPBACK);
                try (Crawl crawl = open(folder, options, around, isRefresh)) {
                    System.out.println(crawl.run());
                }
            }
        }

        private static Crawl open(Path folder, CrawlOptions options, Crawl.Surroundings around, boolean isRefresh)
                throws Exception {
            CrawlListener nobody = new CrawlListener() {};
            if (isRefresh) {
                return Crawl.refresh(folder, options, around, nobody);
            }
            return Crawl.isIn(folder)
                    ? Crawl.resume(folder, options, around, nobody)
                    : Crawl.create(folder, options, around, nobody);
        }
    }

    private static CrawlOptions slow(CrawlOptions options) {
        return options.withPace(options.pace().withDelay(DELAY));
    }

    /** @param arguments of {@link Crawling} after the folder */
    static Process start(Path folder, List<String> arguments) throws IOException {
        List<String> all =
                Stream.concat(Stream.of(folder.toString()), arguments.stream()).toList();
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        return ChildJvm.start(ProcessBuilder.Redirect.to(log.toFile()), Crawling.class, all);
    }

    private static WebPlan plan(long seed) {
        return WebPlan.of(seed)
                .withPages(PAGES)
                .with(
                        Catalogue.named("robots-part"),
                        Catalogue.named("nofollow-elsewhere-followed"),
                        Catalogue.named("redirect-chain"),
                        Catalogue.named("type-image"));
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void resumedCrawl_afterKills_endsLikeOneThatNothingHasDisturbed() throws Exception {
        int rounds = Mutations.count(2, 50);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 1));
        for (int round = 0; round < rounds; round++) {
            Path folder = temporary.resolve("round-" + round);
            try (CrawlScene scene = CrawlScene.of(folder.resolve("killed"), plan(round))) {
                killAndResume(scene, folder.resolve("undisturbed"), random);
            }
        }
    }

    private static void killAndResume(CrawlScene scene, Path undisturbed, SplittableRandom random) throws Exception {
        List<String> seeds = scene.web.map().seeds();
        Files.createDirectories(undisturbed);
        for (int kills = 1 + random.nextInt(2); kills > 0; kills--) {
            int target = scene.web.log().all().size() + 1 + random.nextInt(PAGES);
            Process process = start(scene.folder(), seeds);
            while (scene.web.log().all().size() < target && process.isAlive()) {
                Thread.onSpinWait();
            }
            process.destroyForcibly().waitFor();
        }
        try (Crawl crawl = scene.resume(scene.options())) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        try (Crawl crawl =
                Crawl.create(undisturbed, scene.options(), scene.around(CrawlScene.LOOPBACK), new CrawlListener() {})) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        WrittenCrawl written = scene.written();
        List<String> expected = WrittenCrawl.read(undisturbed).essence();
        assertThat(written.essence()).hasSameSizeAs(expected);
        assertThat(written.essence().stream().filter(line -> !expected.contains(line)))
                .isEmpty();
        assertArchived(written);
        assertIndexed(scene);
    }

    private static void assertArchived(WrittenCrawl written) throws IOException {
        assertThat(written.archived())
                .containsAllEntriesOf(written.urls().stream().collect(Collectors.toMap(url -> url, _ -> 1)));
        for (Path file : written.warcFiles()) {
            assertThat(WrittenCrawl.isValid(file)).as(file.toString()).isTrue();
        }
    }

    private static void assertIndexed(CrawlScene scene) throws IOException {
        try (SearchIndex index = SearchIndex.open(scene.folder(), scene.engine().clock())) {
            for (PlannedPage page : scene.web.map().pages().toList()) {
                SearchPage found = index.search(page.marker(), 1);
                assertThat(found.total()).as(page.url()).isEqualTo(1);
            }
        }
    }

    /** Kills a process while it makes the folder of its crawl; the same command then makes it, or resumes it. */
    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void crawl_thatIsKilledWhileItBegins_canBeBegunAgainOrResumed() throws Exception {
        int rounds = Mutations.count(3, 100);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 2));
        for (int round = 0; round < rounds; round++) {
            Path folder =
                    Files.createDirectories(temporary.resolve("begin-" + round)).resolve("crawl");
            try (CrawlScene scene = CrawlScene.of(folder, WebPlan.of(round))) {
                List<String> awaited =
                        List.of("state", "state/frontier", "index", "state/crawl-1.new", "state/crawl-1");
                Path sign = folder.resolve(awaited.get(round < 2 ? round + 1 : random.nextInt(awaited.size())));
                Process process = start(folder, scene.web.map().seeds());
                while (!Files.exists(sign) && process.isAlive()) {
                    Thread.onSpinWait();
                }
                process.destroyForcibly().waitFor();
                try (Crawl crawl = Crawl.isIn(folder) ? scene.resume(scene.options()) : scene.create(scene.options())) {
                    assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
                }
                assertThat(scene.written().urls()).hasSize(20);
                assertIndexed(scene);
            }
        }
    }
}
