package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Folders;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.crawler.CrawlCounts.Changes;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.testkit.web.WebPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refreshes whose process has ended at any step of their beginning. */
class TurnoverTest {
    @TempDir
    private Path temporary;

    /** The last step that was done. */
    enum Step {
        PLANNED,
        PAGES_MOVED,
        LINES_MOVED,
        OLD_FRONTIER_PARTLY_DELETED,
        FRONTIER_MOVED,
        MOVED,
        FRONTIER_PARTLY_MADE,
        FRONTIER_MADE_AND_LINES_TOO
    }

    /** Both of a crawl and of a refresh, which has something in the places to which files are moved. */
    @ParameterizedTest
    @EnumSource
    void resume_completesWhatWasBegun_andCrawlsOver(Step step) throws Exception {
        try (CrawlScene scene = CrawlScene.of(temporary.resolve("crawl"), WebPlan.of(1))) {
            WrittenCrawl written = scene.crawl(scene.options());
            for (int round = 1; round <= 2; round++) {
                begin(scene.folder(), step);

                try (Crawl crawl = scene.resume(scene.options())) {
                    CrawlResult result = crawl.run();
                    assertThat(result.end()).isEqualTo(new CrawlEnd.Finished());
                    assertThat(result.counts().changes()).isEqualTo(new Changes(0, 0, 20, 0));
                }
                int responses = round + 1;
                assertThat(scene.written().essence()).isEqualTo(written.essence());
                assertThat(scene.written().urlsOfEarlier()).isEqualTo(written.urls());
                assertThat(scene.written().archived())
                        .containsAllEntriesOf(
                                written.urls().stream().collect(Collectors.toMap(url -> url, _ -> responses)));
                assertThat(scene.folder().resolve("state")).isDirectoryNotContaining("glob:**/refresh*");
            }
        }
    }

    /** Does the steps of a beginning up to this one, as the class says that they are done. */
    private static void begin(Path folder, Step step) throws IOException {
        Path state = folder.resolve("state");
        Path plan = state.resolve("refresh");
        Files.writeString(plan, HexFormat.of().formatHex(next(state.resolve("frontier"))));
        if (isDone(Step.PAGES_MOVED, step)) {
            Path earlier = Files.createDirectories(folder.resolve("earlier"));
            Files.deleteIfExists(earlier.resolve("pages.jsonl"));
            Files.move(folder.resolve("pages.jsonl"), earlier.resolve("pages.jsonl"));
        }
        if (isDone(Step.LINES_MOVED, step)) {
            CrawlOutputs.moveLines(folder, folder.resolve("earlier"));
        }
        if (isDone(Step.OLD_FRONTIER_PARTLY_DELETED, step)) {
            Files.deleteIfExists(state.resolve("earlier/commits"));
        }
        if (isDone(Step.FRONTIER_MOVED, step)) {
            Folders.delete(state.resolve("earlier"));
            Files.move(state.resolve("frontier"), state.resolve("earlier"));
        }
        if (isDone(Step.MOVED, step)) {
            Files.move(plan, state.resolve("refresh-moved"));
        }
        if (isDone(Step.FRONTIER_PARTLY_MADE, step)) {
            Frontier.create(state.resolve("frontier")).close();
        }
        if (isDone(Step.FRONTIER_MADE_AND_LINES_TOO, step)) {
            for (String name : List.of("pages", "links", "skipped")) {
                Files.writeString(folder.resolve(name + ".jsonl"), "of nobody");
            }
        }
    }

    private static boolean isDone(Step step, Step last) {
        return step.compareTo(last) <= 0;
    }

    private static byte[] next(Path frontier) throws IOException {
        try (Frontier old = Frontier.open(frontier, _ -> {})) {
            CrawlFolder.Checkpoint at =
                    CrawlFolder.Checkpoint.parse(old.checkpoint().orElseThrow());
            return new CrawlFolder.Checkpoint(CrawlOutputs.nextCheckpoint(at.ofOutputs()), at.ofIndex()).encode();
        }
    }
}
