package dev.thrum.crawl.search;

import static dev.thrum.crawl.search.IndexScene.LATE;
import static dev.thrum.crawl.search.IndexScene.SMALL;
import static dev.thrum.crawl.search.IndexScene.commit;
import static dev.thrum.crawl.search.IndexScene.page;
import static dev.thrum.crawl.search.IndexScene.urls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.base.Clock;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the index after it was opened again, closed, or refused. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
final class PageIndexTest {
    @TempDir
    private Path root;

    private Path folder = Path.of("");

    @BeforeEach
    void nameFolder() {
        folder = root.resolve("index");
    }

    private PageIndex create(IndexTuning tuning) throws IOException {
        return PageIndex.create(folder, Clock.system(), tuning);
    }

    private PageIndex open(byte[] checkpoint) throws IOException {
        return PageIndex.open(folder, checkpoint, Clock.system(), SMALL, directory -> directory);
    }

    private static List<String> numbered(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> page(i).url()).toList();
    }

    private long pendingFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("pending-"))
                    .count();
        }
    }

    @Test
    void newIndex_always_canBeSearched_andIsEmpty() throws IOException {
        try (PageIndex _ = create(SMALL)) {
            assertThat(urls(folder)).isEmpty();
        }
        assertThat(urls(folder)).isEmpty();
    }

    @Test
    void pages_always_areThereOnce_andFilesOfPendingPagesAreRemoved() throws IOException {
        try (PageIndex index = create(SMALL)) {
            for (int i = 0; i < 300; i++) {
                index.add(page(i));
                if (i % 7 == 0) {
                    commit(index);
                }
            }
            commit(index);
        }
        assertThat(urls(folder)).containsExactlyElementsOf(numbered(0, 300));
        assertThat(pendingFiles()).isEqualTo(1);
    }

    @Test
    void page_thatIsLargerThanEveryBuffer_isIndexed() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 400_000; i++) {
            body.append(Integer.toString(i * 7_919 % 1_000_003, Character.MAX_RADIX))
                    .append(' ');
        }
        try (PageIndex index = create(SMALL)) {
            index.add(page(1));
            index.add(page("http://a.example/large", "", body.toString()));
            index.add(page(2));
            commit(index);
        }
        assertThat(urls(folder)).containsExactly(page(1).url(), page(2).url(), "http://a.example/large");
        try (SearchIndex search = SearchIndex.open(root, Clock.system())) {
            assertThat(search.search(
                                    "\""
                                            + body.substring(2_000_000, 2_000_050)
                                                    .strip()
                                                    .split(" ", -1)[2] + "\"",
                                    1)
                            .total())
                    .isEqualTo(1);
        }
    }

    @Test
    void checkpoint_always_isWhereTheIndexIsOpened() throws IOException {
        byte[] checkpoint;
        try (PageIndex index = create(SMALL)) {
            index.add(page(0));
            index.add(page(1));
            checkpoint = commit(index);
            index.add(page(2));
            assertThat(index.checkpoint()).isEqualTo(checkpoint);
            index.force();
            assertThat(index.checkpoint()).isNotEqualTo(checkpoint);
        }
        assertThat(urls(folder)).as("a page that was not confirmed").isEqualTo(numbered(0, 2));
        try (PageIndex index = open(checkpoint)) {
            index.add(page(3));
            checkpoint = commit(index);
        }
        try (PageIndex index = open(checkpoint)) {
            assertThat(index.checkpoint()).isEqualTo(checkpoint);
        }
        assertThat(urls(folder)).containsExactly(page(0).url(), page(1).url(), page(3).url());
    }

    @Test
    void laterCheckpoint_thatWasNeverConfirmed_hasItsPages() throws IOException {
        byte[] checkpoint;
        try (PageIndex index = create(SMALL)) {
            index.add(page(0));
            index.force();
            checkpoint = index.checkpoint();
        }
        assertThat(urls(folder)).isEmpty();
        open(checkpoint).close();
        assertThat(urls(folder)).containsExactly(page(0).url());
    }

    @Test
    void earlierCheckpoint_thanTheIndexHas_isRefused() throws IOException {
        byte[] first;
        try (PageIndex index = create(SMALL)) {
            first = index.checkpoint();
            index.add(page(0));
            commit(index);
        }
        assertThatThrownBy(() -> open(first))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the state of the crawl is older than its index");
        assertThat(urls(folder)).containsExactly(page(0).url());
    }

    @Test
    void pendingPages_thatAreMissing_areReported() throws IOException {
        byte[] checkpoint;
        try (PageIndex index = create(LATE)) {
            index.add(page(0));
            index.force();
            checkpoint = index.checkpoint();
        }
        try (var file = Files.newByteChannel(folder.resolve("pending-0000000000000000"), StandardOpenOption.WRITE)) {
            file.truncate(5);
        }
        assertThatThrownBy(() -> open(checkpoint)).hasMessageContaining("but they end at 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 8, 12, 40})
    void pendingPage_thatIsDamaged_failsTheIndex(int at) throws IOException {
        byte[] checkpoint;
        try (PageIndex index = create(LATE)) {
            index.add(page(0));
            index.force();
            checkpoint = index.checkpoint();
        }
        Path file = folder.resolve("pending-0000000000000000");
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x55;
        Files.write(file, bytes);
        PageIndex index = open(checkpoint);
        assertThatThrownBy(index::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected a pending page at position 0");
        assertThat(urls(folder)).isEmpty();
    }

    @Test
    void secondWriter_always_isRefused_andDisturbsNothing() throws IOException {
        try (PageIndex index = create(SMALL)) {
            index.add(page(0));
            byte[] checkpoint = commit(index);
            index.add(page(1));
            index.force();
            assertThatThrownBy(() -> open(checkpoint)).hasMessageContaining("another process writes it");
            commit(index);
        }
        assertThat(urls(folder)).isEqualTo(numbered(0, 2));
    }

    @Test
    void index_thatIsThere_isNotMadeAgain() throws IOException {
        create(SMALL).close();
        assertThatThrownBy(() -> create(SMALL)).hasMessageContaining("expected no index in " + folder);
    }

    @Test
    void creation_thatWasKilled_isBegunAgain() throws IOException {
        create(SMALL).close();
        Files.delete(folder.resolve("format"));
        Files.writeString(folder.resolve("pending-0000000000000000"), "torn");
        try (PageIndex index = create(SMALL)) {
            index.add(page(0));
            commit(index);
        }
        assertThat(urls(folder)).containsExactly(page(0).url());
    }

    @Test
    void folder_withoutAnIndexOfThisVersion_isRefused() throws IOException {
        assertThatThrownBy(() -> open(new byte[Long.BYTES])).isInstanceOf(NoIndexException.class);
        create(SMALL).close();
        Files.writeString(folder.resolve("format"), "thrum-index 2\n");
        assertThatThrownBy(() -> open(new byte[Long.BYTES]))
                .isInstanceOf(NoIndexException.class)
                .hasMessageContaining("but it is \"thrum-index 2\"");
        assertThatThrownBy(() -> SearchIndex.open(root, Clock.system())).isInstanceOf(NoIndexException.class);
        assertThatThrownBy(() -> SearchIndex.require(root)).isInstanceOf(NoIndexException.class);
    }

    @Test
    void pages_thatAreReplacedOrRemoved_areSo() throws IOException {
        byte[] checkpoint;
        try (PageIndex index = create(SMALL)) {
            for (int i = 0; i < 4; i++) {
                index.add(page(i));
            }
            checkpoint = commit(index);
        }
        try (PageIndex index = open(checkpoint)) {
            index.replace(page(page(1).url(), "changed", "otherwise"));
            index.remove(page(2).url());
            index.replace(page(5));
            index.remove("http://a.example/unknown");
            commit(index);
        }
        assertThat(urls(folder)).containsExactlyInAnyOrder(page(0).url(), page(1).url(), page(3).url(), page(5).url());
        try (SearchIndex search = SearchIndex.open(root, Clock.system())) {
            assertThat(search.search("otherwise", 1).hits())
                    .singleElement()
                    .returns(page(1).url(), Hit::url)
                    .returns("changed", Hit::title);
        }
    }

    @Test
    void failureOfTheDisk_always_isReported_andAnotherRunGoesOn() throws IOException {
        create(SMALL).close();
        byte[] last = new byte[Long.BYTES];
        PageIndex full = PageIndex.open(folder, last, Clock.system(), SMALL, FullDisk::new);
        int added = 0;
        IOException failure = null;
        while (failure == null && added < 10_000) {
            try {
                full.add(page(added));
                full.force();
                last = full.checkpoint();
                added++;
                full.confirm(last);
            } catch (IOException e) {
                failure = e;
            }
        }
        assertThat(failure).hasMessageContaining("No space left on device");
        assertThatThrownBy(full::close).hasMessageContaining("No space left on device");
        open(last).close();
        assertThat(urls(folder)).isEqualTo(numbered(0, added));
    }

    /** A disk that can't hold Lucene's files. */
    private static final class FullDisk extends FilterDirectory {
        FullDisk(Directory directory) {
            super(directory);
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @Test
    void confirmedPage_always_isCommittedAfterAWhile() throws Exception {
        IndexTuning soon = new IndexTuning(1 << 20, 1 << 30, Duration.ofMillis(1), 1 << 30);
        try (PageIndex index = create(soon);
                SearchIndex search = SearchIndex.open(root, Clock.system())) {
            index.add(page("http://a.example/", "", "needle"));
            commit(index);
            long begun = System.nanoTime();
            while (search.search("needle", 1).total() == 0) {
                assertThat(System.nanoTime() - begun)
                        .isLessThan(Duration.ofSeconds(30).toNanos());
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void checkpoint_ofSomethingElse_isRefused() throws IOException {
        try (PageIndex index = create(SMALL)) {
            assertThatThrownBy(() -> index.confirm(new byte[] {0, 0, 0, 0, 0, 0, 0, 1}))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> index.confirm(new byte[3])).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
