package dev.thrum.crawl.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of a crawl that was set aside. */
class EarlierLinesTest {
    @TempDir
    private Path temporary;

    private Path folder() {
        return temporary.resolve("crawl");
    }

    private Path earlier() {
        return temporary.resolve("earlier");
    }

    private record Written(long page, long links, PageRecord record, List<LinkRecord> found) {}

    @Test
    void pagesAndLinks_areReadWhereTheyWereWritten_withAnyText() throws Exception {
        SplittableRandom random = new SplittableRandom(45);
        Map<String, Written> written = new TreeMap<>();
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1), Samples.QUICK)) {
            for (int i = 0; i < 500; i++) {
                PageRecord page = Samples.nastyPage(random);
                List<LinkRecord> links = new ArrayList<>(Samples.nastyLinks(random));
                if (i % 100 == 0) {
                    // More than is read at once.
                    for (int j = 0; j < 1_000; j++) {
                        links.add(new LinkRecord("http://a.example/" + j, null, "a link", false));
                    }
                }
                if (!written.containsKey(page.url())) {
                    long at = outputs.linksEnd();
                    written.put(page.url(), new Written(outputs.page(page, links, null), at, page, links));
                }
            }
            outputs.force();
        }
        CrawlOutputs.moveLines(folder(), earlier());
        // Again, as after a crash: what is moved stays.
        CrawlOutputs.moveLines(folder(), earlier());
        assertThat(folder()).isDirectoryNotContaining("glob:**.jsonl");
        try (EarlierLines lines = EarlierLines.open(earlier())) {
            for (Written each : written.values()) {
                assertThat(lines.pageAt(each.page()).page()).isEqualTo(each.record());
                assertThat(lines.linksAt(each.links(), each.record().url())).isEqualTo(each.found());
            }
        }
    }

    @Test
    void skipped_passesThoseOfOneReason() throws Exception {
        SkippedRecord malformed = new SkippedRecord("http://[", "http://a.example/", "malformed", "no address");
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1), Samples.QUICK)) {
            outputs.skipped(new SkippedRecord("http://b.example/", null, "scope", null));
            outputs.skipped(malformed);
            outputs.skipped(new SkippedRecord("http://c.example/", null, "robots", "Disallow: /"));
            outputs.force();
        }
        List<SkippedRecord> found = new ArrayList<>();
        try (EarlierLines lines = EarlierLines.open(folder())) {
            lines.skipped("malformed", found::add);
        }
        assertThat(found).containsExactly(malformed);
    }

    @Test
    void damagedOrMissingFile_isNamed() throws Exception {
        try (CrawlOutputs outputs = CrawlOutputs.create(folder(), Samples.options(1), Samples.QUICK)) {
            var _ = outputs.page(Samples.page("http://a.example/"), List.of(), null);
            outputs.force();
        }
        Files.writeString(folder().resolve("links.jsonl"), "{\"from\":\"x\"}\n{\n");
        try (EarlierLines lines = EarlierLines.open(folder())) {
            for (long offset : List.of(1L, 1_000_000L)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> lines.pageAt(offset))
                        .withMessageContaining("from offset " + offset + " of " + folder().resolve("pages.jsonl"));
            }
            for (String from : List.of("x", "y")) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> lines.linksAt(from.equals("x") ? 0 : 13, from))
                        .withMessageContaining("of " + folder().resolve("links.jsonl"));
            }
        }
        Files.delete(folder().resolve("links.jsonl"));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> EarlierLines.open(folder()))
                .withMessageContaining("expected the lines of a crawl in " + folder().resolve("links.jsonl"));
    }
}
