package dev.thrum.crawl.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.crawl.archive.Checkpoint;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.testkit.scripted.HandClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The links of a page that is several times in a folder, because its host was another process's in between. */
class LineMergeTest {
    private static final Instant TIME = Instant.parse("2026-11-20T08:20:00.120Z");
    private static final LinkRecord HOME = new LinkRecord("http://h/home", null, "Home", false);
    private static final LinkRecord NEXT = new LinkRecord("http://h/next", null, "Next", false);

    /** The first link is there twice in the same words. */
    private static final List<LinkRecord> LINKS = List.of(HOME, NEXT, HOME);

    @TempDir
    private Path folder;

    private CrawlOutputs begin() throws IOException {
        return CrawlOutputs.create(
                folder.resolve("crawl"), OutputOptions.of(new HandClock(TIME), new SplittableRandom(1)));
    }

    private static PageRecord page(int second, @Nullable String error) {
        PageRecord.Answer answer = error == null
                ? new PageRecord.Answer("http://h/a", 200, null, "text/html", "UTF-8", "sha256:00", 5, null, null, null)
                : null;
        return new PageRecord("http://h/a", null, 0, TIME.plusSeconds(second), answer, null, null, null, error);
    }

    private List<String> mergedLinks() throws IOException {
        Path crawl = folder.resolve("crawl");
        Path merged = Files.createDirectory(folder.resolve("merged"));
        Source source = new Source(0, crawl, Checkpoint.ofAll(crawl));
        try (PageVersions versions = new PageVersions();
                LineMerge lines = new LineMerge(merged, versions)) {
            versions.add(source);
            lines.addPages(source);
            assertThat(lines.pages()).isEqualTo(1);
        }
        return Files.readAllLines(merged.resolve(CrawlOutputs.LINKS)).stream()
                .map(line -> line.replaceAll(".*\"to\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void pageThatIsThereOnce_hasAllItsLinks() throws Exception {
        try (CrawlOutputs outputs = begin()) {
            var _ = outputs.page(page(0, null), LINKS, null);
            outputs.force();
        }
        assertThat(mergedLinks()).containsExactly("http://h/home", "http://h/next", "http://h/home");
    }

    @Test
    void pageThatIsThereThreeTimes_hasEachLinkAsOftenAsOneVersion() throws Exception {
        try (CrawlOutputs outputs = begin()) {
            for (int second = 0; second < 3; second++) {
                var _ = outputs.page(page(second, null), LINKS, null);
            }
            outputs.force();
        }
        assertThat(mergedLinks()).containsExactlyInAnyOrder("http://h/home", "http://h/next", "http://h/home");
    }

    @Test
    void versionWithoutLinks_doesNotCount() throws Exception {
        try (CrawlOutputs outputs = begin()) {
            var _ = outputs.page(page(0, "connect: refused"), List.of(), null);
            var _ = outputs.page(page(1, null), LINKS, null);
            var _ = outputs.page(page(2, null).asDuplicateOf("http://h/b"), List.of(), null);
            outputs.force();
        }
        assertThat(mergedLinks()).containsExactly("http://h/home", "http://h/next", "http://h/home");
    }
}
