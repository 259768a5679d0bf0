package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.testkit.scripted.Mutations;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Refreshing processes that are killed at any moment, and then resumed: nothing is lost, nothing is counted twice. */
class RefreshKillTest {
    private static final int PAGES = 60;

    /** What a refresh makes while it begins. */
    private static final List<String> SIGNS = List.of(
            "state/refresh.new", "state/refresh", "earlier", "state/earlier", "state/refresh-moved", "state/frontier");

    @TempDir
    private Path temporary;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void refresh_afterKills_endsLikeOneThatNothingHasDisturbed() throws Exception {
        int rounds = Mutations.count(3, 50);
        SplittableRandom random = new SplittableRandom(Long.getLong("thrum.seed", 3));
        WebPlan plan = WebPlan.of(1)
                .withPages(PAGES)
                .with(Catalogue.named("robots-part"), Catalogue.named("redirect-chain"), Catalogue.named("duplicate"));
        try (CrawlScene scene = CrawlScene.of(temporary.resolve("killed"), plan)) {
            WrittenCrawl before = scene.crawl(scene.options());
            for (int round = 0; round < rounds; round++) {
                change(scene, random);
                Map<String, Integer> archived = before.archived();
                // The first rounds are killed while they go on, while they begin, and at their end.
                kill(scene, round < 3 ? round : random.nextInt(3), random);
                before = finishAndCompare(scene, before, archived, temporary.resolve("anew-" + round));
            }
        }
    }

    private static void change(CrawlScene scene, SplittableRandom random) {
        for (PlannedPage page : scene.web.map().pages().toList()) {
            if (random.nextInt(8) == 0 && !page.url().endsWith("/")) {
                scene.web.remove(page.url());
            } else if (random.nextInt(4) == 0) {
                scene.web.change(page.url());
            }
        }
    }

    private static void kill(CrawlScene scene, int when, SplittableRandom random) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(CrawlKillTest.REFRESH));
        arguments.addAll(scene.web.map().seeds());
        int requests = scene.web.log().all().size();
        BooleanSupplier isDue = switch (when) {
            case 0 -> {
                int most = requests + 1 + random.nextInt(PAGES);
                yield () -> scene.web.log().all().size() >= most;
            }
            case 1 -> appears(scene.folder(), SIGNS.get(random.nextInt(SIGNS.size())));
            default -> () -> isAtItsEnd(scene.folder());
        };
        killWhen(scene.folder(), arguments, isDue);
        if (when == 0) {
            int again = scene.web.log().all().size() + 1 + random.nextInt(PAGES);
            killWhen(
                    scene.folder(),
                    scene.web.map().seeds(),
                    () -> scene.web.log().all().size() >= again);
        }
    }

    /** Whether a file appears that was not there; one that is there must first disappear. */
    private static BooleanSupplier appears(Path folder, String name) {
        Path sign = folder.resolve(name);
        boolean[] wasAway = {!Files.exists(sign)};
        return () -> {
            boolean isThere = Files.exists(sign);
            wasAway[0] |= !isThere;
            return wasAway[0] && isThere;
        };
    }

    /** Whether what is gone is being recorded, or was. */
    private static boolean isAtItsEnd(Path folder) {
        try {
            return Files.exists(folder.resolve("skipped.jsonl"))
                    && Files.readString(folder.resolve("skipped.jsonl")).contains("\"unlinked\"");
        } catch (IOException e) {
            // It is just being moved.
            return false;
        }
    }

    private static void killWhen(Path folder, List<String> arguments, BooleanSupplier isDue) throws Exception {
        Process process = CrawlKillTest.start(folder, arguments);
        while (!isDue.getAsBoolean() && process.isAlive()) {
            Thread.onSpinWait();
        }
        process.destroyForcibly().waitFor();
    }

    private static WrittenCrawl finishAndCompare(
            CrawlScene scene, WrittenCrawl before, Map<String, Integer> archived, Path anew) throws Exception {
        CrawlResult result;
        try (Crawl crawl = scene.resume(scene.options())) {
            result = crawl.run();
        }
        if (scene.written().fetched().equals(before.fetched())) {
            // It was killed before anything was changed.
            assertThat(scene.written().essence()).isEqualTo(before.essence());
            try (Crawl crawl = scene.refresh(scene.options())) {
                result = crawl.run();
            }
        }
        assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
        WrittenCrawl after = scene.written();
        assertThat(after.urlsOfEarlier()).isEqualTo(before.urls());
        assertThat(result.counts().changes()).isEqualTo(before.changesTo(after));
        try (Crawl crawl =
                Crawl.create(anew, scene.options(), scene.around(CrawlScene.LOOPBACK), new CrawlListener() {})) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        assertThat(after.essenceWithoutUnlinked())
                .isEqualTo(WrittenCrawl.read(anew).essence());
        assertArchived(after, archived);
        assertIndexed(scene, after);
        return after;
    }

    private static void assertArchived(WrittenCrawl after, Map<String, Integer> before) throws IOException {
        Map<String, Integer> now = after.archived();
        for (String url : after.urls()) {
            assertThat(now.get(url)).as(url).isEqualTo(before.getOrDefault(url, 0) + 1);
        }
        for (Path file : after.warcFiles()) {
            assertThat(WrittenCrawl.isValid(file)).as(file.toString()).isTrue();
        }
    }

    private static void assertIndexed(CrawlScene scene, WrittenCrawl written) throws IOException {
        Set<String> there = new TreeSet<>(written.there());
        try (SearchIndex index = SearchIndex.open(scene.folder(), scene.engine().clock())) {
            for (PlannedPage page : scene.web.map().pages().toList()) {
                assertThat(index.search(page.marker(), 1).total())
                        .as(page.url())
                        .isEqualTo(there.contains(page.url()) ? 1 : 0);
            }
        }
    }
}
