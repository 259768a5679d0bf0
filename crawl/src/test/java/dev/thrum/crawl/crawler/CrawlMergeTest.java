package dev.thrum.crawl.crawler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.crawl.archive.OutputOptions;
import dev.thrum.crawl.merge.CrawlMerge;
import dev.thrum.crawl.merge.MergeResult;
import dev.thrum.crawl.search.SearchIndex;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.web.PlannedPage;
import dev.thrum.testkit.web.WebPlan;
import dev.thrum.testkit.web.faults.Catalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Folders of crawls of one web, merged: they are like the folder of one crawl. */
@ExtendWith(LeakCheck.class)
class CrawlMergeTest {
    @TempDir
    private Path temporary;

    private CrawlScene scene;

    @BeforeEach
    void begin() throws IOException {
        WebPlan plan = WebPlan.of(7)
                .withHosts(3)
                .withPages(30)
                .with(Catalogue.named("redirect-chain"), Catalogue.named("duplicate"));
        scene = CrawlScene.of(temporary.resolve("whole"), plan);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** A crawl of the host with this number. */
    private CrawlOptions ofHost(int host) {
        List<String> own = scene.web.map().seeds().stream()
                .filter(seed ->
                        seed.startsWith("http://" + scene.web.map().hosts().get(host)))
                .toList();
        return CrawlScene.options(scene.engine(), own);
    }

    private Path crawl(String name, CrawlOptions options) throws Exception {
        Path folder = temporary.resolve(name);
        try (Crawl crawl = Crawl.create(folder, options, scene.around(CrawlScene.LOOPBACK), new CrawlListener() {})) {
            assertThat(crawl.run().end()).isEqualTo(new CrawlEnd.Finished());
        }
        return folder;
    }

    private Path crawl(String name, CrawlOptions options, int pages) throws Exception {
        Path folder = temporary.resolve(name);
        try (Crawl crawl = Crawl.create(folder, options, scene.around(CrawlScene.LOOPBACK), new CrawlListener() {})) {
            CrawlEnd _ = CrawlScene.stopAt(crawl, pages);
        }
        return folder;
    }

    private Path merge(String name, Path... folders) throws Exception {
        Path target = temporary.resolve(name);
        MergeResult _ = CrawlMerge.run(List.of(folders), target, true);
        return target;
    }

    private List<Path> hosts() throws Exception {
        return List.of(crawl("0", ofHost(0)), crawl("1", ofHost(1)), crawl("2", ofHost(2)));
    }

    @Test
    void merge_ofCrawlsOfOneHostEach_isLikeOneCrawlOfAll() throws Exception {
        List<Path> hosts = hosts();
        WrittenCrawl merged = WrittenCrawl.read(merge("merged", hosts.toArray(Path[]::new)));
        WrittenCrawl whole = scene.crawl(scene.options());

        assertThat(merged.urls()).isEqualTo(whole.urls());
        assertThat(merged.links().keySet()).isEqualTo(whole.links().keySet());
        assertThat(merged.skippedFor("scope")).isEqualTo(whole.skippedFor("scope"));
        assertArchivedOnce(merged);
        assertIndexedOnce(temporary.resolve("merged"));
    }

    @Test
    void merge_ofCrawlsThatOverlap_hasEachPageOnce() throws Exception {
        Path part = crawl("part", scene.options(), 40);
        Path own = crawl("own", ofHost(0));
        Path whole = crawl("all", scene.options());
        MergeResult result = CrawlMerge.run(List.of(part, own, whole), temporary.resolve("merged"), true);
        WrittenCrawl merged = WrittenCrawl.read(temporary.resolve("merged"));
        WrittenCrawl undisturbed = WrittenCrawl.read(whole);

        assertThat(result.pages()).isEqualTo(undisturbed.pageCount());
        assertThat(result.repeated())
                .isEqualTo((long) WrittenCrawl.read(part).pageCount()
                        + WrittenCrawl.read(own).pageCount());
        // The last crawl has the latest version of each page.
        assertThat(merged.fetched()).isEqualTo(undisturbed.fetched());
        assertThat(merged.essence()).isEqualTo(undisturbed.essence());
        assertArchivedOnce(merged);
        assertIndexedOnce(temporary.resolve("merged"));
    }

    @Test
    void merge_takesAWholeResponse_beforeALaterError() throws Exception {
        Path good = crawl("good", ofHost(0));
        String url = scene.web.map().pages().findFirst().orElseThrow().url();
        Path bad = crawl("bad", ofHost(0));
        Path pages = bad.resolve("pages.jsonl");
        String lines = Files.readString(pages);
        // As long as it was, because the last commit counts bytes.
        String changed = lines.lines()
                .map(line -> line.contains("{\"url\":\"" + url + "\"") ? failed(line) : line)
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(changed).hasSameSizeAs(lines).isNotEqualTo(lines);
        Files.writeString(pages, changed);

        WrittenCrawl merged = WrittenCrawl.read(merge("merged", bad, good));

        assertThat(merged.fetched().get(url))
                .isEqualTo(WrittenCrawl.read(good).fetched().get(url));
        assertThat(merged.member(url, "error")).isEmpty();
    }

    /** A line of the same length with an error in place of the entity tag. */
    private static String failed(String line) {
        int from = line.indexOf(",\"etag\":\"") + 1;
        int to = line.indexOf("\",", from);
        String begin = "\"error\":\"";
        return line.substring(0, from) + begin + "x".repeat(to - from - begin.length()) + line.substring(to);
    }

    @Test
    void merge_givesTheSameFiles_whenItIsRepeated() throws Exception {
        Path[] folders = {crawl("part", scene.options(), 30), crawl("all", scene.options())};
        Map<String, byte[]> first = files(merge("first", folders));
        Map<String, byte[]> second = files(merge("second", folders));

        assertThat(first.keySet()).isEqualTo(second.keySet()).contains("pages.jsonl", "links.jsonl", "skipped.jsonl");
        first.forEach((name, bytes) -> assertThat(second.get(name)).as(name).isEqualTo(bytes));
    }

    private static Map<String, byte[]> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.startsWith(folder.resolve("index")))
                    .collect(Collectors.toMap(file -> folder.relativize(file).toString(), CrawlMergeTest::bytes));
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void merge_leavesOut_whatCameAfterTheLastCommit() throws Exception {
        Path folder = crawl("killed", ofHost(0));
        WrittenCrawl before = WrittenCrawl.read(folder);
        Map<String, Integer> archived = before.archived();
        List<String> essence = before.essence();
        List<Path> grown = List.of(
                folder.resolve("pages.jsonl"),
                folder.resolve("links.jsonl"),
                folder.resolve("skipped.jsonl"),
                before.warcFiles().getLast());
        for (Path file : grown) {
            Files.writeString(file, "{\"url\":\"http://torn.exa", StandardOpenOption.APPEND);
        }
        Files.writeString(folder.resolve("warc/crawl-00002.warc.gz"), "begun");
        Map<String, byte[]> own = files(folder);

        WrittenCrawl merged = WrittenCrawl.read(merge("merged", folder));

        assertThat(merged.essence()).isEqualTo(essence);
        assertThat(merged.archived()).isEqualTo(archived);
        assertThat(files(folder))
                .as("the folder is only read")
                .usingRecursiveComparison()
                .isEqualTo(own);
    }

    @Test
    void merge_ofPlainAndCompressedFiles_keepsEachInItsForm() throws Exception {
        List<String> seeds = scene.web.map().seeds();
        Path plain = crawl("plain", CrawlScene.options(scene.engine(), seeds, OutputOptions.Warc.PLAIN), 25);
        Path off = crawl("off", CrawlScene.options(scene.engine(), seeds, OutputOptions.Warc.OFF), 10);
        Path gzip = crawl("gzip", scene.options());

        WrittenCrawl merged = WrittenCrawl.read(merge("merged", plain, off, gzip));

        assertThat(merged.warcFiles())
                .extracting(file -> file.getFileName().toString())
                .containsExactly("crawl-00001.warc", "crawl-00002.warc.gz");
        assertArchivedOnce(merged);
    }

    @Test
    void merge_ofAMerge_isLikeOneOfAll() throws Exception {
        List<Path> hosts = hosts();
        Path all = merge("all", hosts.toArray(Path[]::new));
        Path some = merge("some", hosts.get(0), hosts.get(1));
        Path again = merge("again", some, hosts.get(2));

        assertThat(files(again)).usingRecursiveComparison().isEqualTo(files(all));
        assertIndexedOnce(again);
    }

    @Test
    void duplicate_whoseOriginalHasAnotherBodyNow_standsForItself() throws Exception {
        Path old = crawl("old", scene.options());
        WrittenCrawl before = WrittenCrawl.read(old);
        String duplicate = before.urls().stream()
                .filter(url -> !before.member(url, "duplicateOf").isEmpty())
                .findFirst()
                .orElseThrow();
        String original = before.member(duplicate, "duplicateOf");
        assertThat(WrittenCrawl.read(merge("same", old)).member(duplicate, "duplicateOf"))
                .isEqualTo(original);

        Path pages = old.resolve("pages.jsonl");
        Path other = temporary.resolve("other");
        Path copied = copy(old, other).resolve("pages.jsonl");
        String digest = before.member(original, "digest");
        Files.writeString(
                copied,
                Files.readString(pages)
                        .lines()
                        .map(line -> line.startsWith("{\"url\":\"" + original + "\"")
                                ? line.replace(digest, digest.substring(0, 7) + "0".repeat(digest.length() - 7))
                                        .replaceFirst("\"fetched\":\"2", "\"fetched\":\"3")
                                : line)
                        .collect(Collectors.joining("\n", "", "\n")));

        WrittenCrawl merged = WrittenCrawl.read(merge("merged", old, other));

        assertThat(merged.member(original, "fetched")).startsWith("3");
        assertThat(merged.member(duplicate, "duplicateOf")).isEmpty();
        assertThat(merged.member(duplicate, "digest")).isEqualTo(digest);
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    @Test
    void merge_removesWhatAKilledOneHasLeft() throws Exception {
        Path folder = crawl("0", ofHost(0));
        Path left = temporary.resolve("merged.merging");
        Files.createDirectories(left.resolve("state"));
        Files.createDirectories(left.resolve("index/lucene"));
        Files.writeString(left.resolve("state/lock"), "");
        Files.writeString(left.resolve("pages.jsonl"), "{");

        Path merged = merge("merged", folder);

        assertThat(left).doesNotExist();
        assertThat(WrittenCrawl.read(merged).essence())
                .isEqualTo(WrittenCrawl.read(folder).essence());
    }

    @Test
    void merge_refuses_whatItCanNotMerge() throws Exception {
        Path folder = crawl("0", ofHost(0));
        Path unindexed = crawl("1", ofHost(1).withIndex(false));
        Path other = Files.createDirectories(temporary.resolve("other.merging"));
        Files.writeString(other.resolve("mine.txt"), "");
        Path target = temporary.resolve("target");

        assertRefused(target, "expected the folder of a crawl but there is no folder", temporary.resolve("none"));
        Path empty = Files.createDirectories(temporary.resolve("empty"));
        assertRefused(target, "has none: name the folder that was its --out", empty);
        assertRefused(target, "expected each folder once but was given", folder, temporary.resolve("0/../0"));
        assertRefused(folder.resolve("merged"), "expected a new folder outside of", folder);
        assertRefused(unindexed, "has something in it: name another one", folder);
        assertRefused(target, "expected an index in all folders or in none but", folder, unindexed);
        assertRefused(temporary.resolve("other"), "has something else: remove it", folder);
        assertThat(target).doesNotExist();
        assertThat(CrawlMerge.run(List.of(folder, unindexed), target, false).pages())
                .isPositive();
        assertThat(target.resolve("index")).doesNotExist();
        assertThat(other.resolve("mine.txt")).exists();
    }

    @Test
    void merge_refusesACrawl_thatGoesOn() throws Exception {
        try (Crawl _ = scene.create(scene.options())) {
            assertRefused(
                    temporary.resolve("merged"),
                    "expected a folder that no other process crawls into but",
                    scene.folder());
        }
    }

    @Test
    void mergedFolder_isNotContinued() throws Exception {
        Path merged = merge("merged", crawl("0", ofHost(0)));

        assertThat(Crawl.fault(merged).orElseThrow()).contains("has several, merged: name the folder of one of them");
    }

    private static void assertRefused(Path target, String message, Path... folders) {
        assertThatExceptionOfType(CrawlFolderException.class)
                .isThrownBy(() -> CrawlMerge.run(List.of(folders), target, true))
                .withMessageContaining(message);
    }

    @Test
    void damagedFile_isNamed() throws Exception {
        Path folder = crawl("0", ofHost(0));
        Path file = WrittenCrawl.read(folder).warcFiles().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> merge("merged", folder))
                .withMessageContaining("of " + file + " but the file is damaged: bring it back");
        assertThat(temporary.resolve("merged")).doesNotExist();
    }

    private static void assertArchivedOnce(WrittenCrawl merged) throws IOException {
        Set<String> urls = merged.urls();
        Map<String, Integer> archived = merged.archived();
        urls.forEach(url -> assertThat(archived).containsEntry(url, 1));
        Map<String, Integer> requests = merged.archived("request");
        urls.forEach(url -> assertThat(requests).containsEntry(url, 1));
        for (Path file : merged.warcFiles()) {
            assertThat(WrittenCrawl.isValid(file)).as(file.toString()).isTrue();
        }
    }

    private void assertIndexedOnce(Path folder) throws IOException {
        try (SearchIndex index = SearchIndex.open(folder, scene.engine().clock())) {
            for (PlannedPage page : scene.web.map().pages().toList()) {
                assertThat(index.search(page.marker(), 1).total())
                        .as(page.url())
                        .isEqualTo(1);
            }
        }
    }
}
