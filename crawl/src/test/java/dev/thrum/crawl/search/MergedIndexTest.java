package dev.thrum.crawl.search;

import static dev.thrum.crawl.search.IndexScene.LATE;
import static dev.thrum.crawl.search.IndexScene.commit;
import static dev.thrum.crawl.search.IndexScene.copy;
import static dev.thrum.crawl.search.IndexScene.crawl;
import static dev.thrum.crawl.search.IndexScene.page;
import static dev.thrum.crawl.search.IndexScene.urls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.thrum.base.Clock;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Timeout(60)
final class MergedIndexTest {
    @TempDir
    private Path root;

    private static IndexedPage of(String url, String body) {
        return page("http://a.example/" + url, url, body);
    }

    /** What takes each URL once. */
    private static Predicate<String> once() {
        Set<String> taken = new HashSet<>();
        return taken::add;
    }

    private long found(String words) throws IOException {
        try (SearchIndex index = SearchIndex.open(root.resolve("merged"), Clock.system())) {
            return index.search(words, 1).total();
        }
    }

    private MergedIndex merged() throws IOException {
        return MergedIndex.create(root.resolve("merged").resolve(PageIndex.FOLDER));
    }

    private static void add(MergedIndex merged, Path crawl, Predicate<String> takes) throws IOException {
        merged.add(crawl.resolve(PageIndex.FOLDER), Optional.empty(), takes);
    }

    @Test
    void pages_ofSeveralIndexes_areFoundOnce() throws IOException {
        Path one = crawl(root.resolve("one"), of("x", "red"), of("y", "red"));
        Path two = crawl(root.resolve("two"), of("y", "blue"), of("z", "blue"));
        try (MergedIndex merged = merged()) {
            Predicate<String> takes = once();
            add(merged, one, takes);
            add(merged, two, takes);
            merged.complete();
        }

        assertThat(found("red")).isEqualTo(2);
        assertThat(found("blue")).isEqualTo(1);
        assertThat(found("site:a.example")).isEqualTo(3);
    }

    @Test
    void page_thatAnIndexHasTwice_countsAsTheLast() throws IOException {
        Path one = crawl(root.resolve("one"), of("x", "first"), of("y", "first"), of("x", "second"));
        try (MergedIndex merged = merged()) {
            add(merged, one, once());
            merged.complete();
        }

        assertThat(found("first")).isEqualTo(1);
        assertThat(found("second")).isEqualTo(1);
    }

    /** What a kill leaves: Lucene has committed some pages, others are pending, and some are after the last commit of the crawl. */
    @Test
    void pendingPages_countUpToTheCheckpoint() throws IOException {
        Path folder = root.resolve("killed").resolve(PageIndex.FOLDER);
        byte[] checkpoint;
        try (PageIndex index = PageIndex.create(folder, Clock.system(), LATE)) {
            index.add(of("committed", "old"));
            index.add(of("replaced", "old"));
            index.add(of("removed", "old"));
            checkpoint = commit(index);
        }
        try (PageIndex index = PageIndex.open(folder, checkpoint, Clock.system(), LATE, directory -> directory)) {
            index.add(of("pending", "early"));
            index.replace(of("pending", "new"));
            index.replace(of("replaced", "new"));
            index.remove("http://a.example/removed");
            checkpoint = commit(index);
            index.add(of("late", "new"));
            index.force();
            copy(root.resolve("killed"), root.resolve("copy"));
        }
        Path killed = root.resolve("copy").resolve(PageIndex.FOLDER);
        assertThat(urls(killed)).hasSize(3);
        try (MergedIndex merged = merged()) {
            merged.add(killed, Optional.of(checkpoint), once());
            merged.complete();
        }

        assertThat(urls(root.resolve("merged").resolve(PageIndex.FOLDER)))
                .containsExactly("http://a.example/committed", "http://a.example/pending", "http://a.example/replaced");
        assertThat(List.of(found("old"), found("new"), found("early"))).containsExactly(1L, 2L, 0L);
    }

    @Test
    void index_thatIsNotComplete_isNone() throws IOException {
        Path one = crawl(root.resolve("one"), of("x", "red"));
        try (MergedIndex merged = merged()) {
            add(merged, one, once());
        }

        assertThatExceptionOfType(NoIndexException.class).isThrownBy(() -> found("red"));
    }
}
