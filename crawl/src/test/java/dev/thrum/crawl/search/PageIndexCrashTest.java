package dev.thrum.crawl.search;

import static dev.thrum.crawl.search.IndexScene.SMALL;
import static dev.thrum.crawl.search.IndexScene.commit;
import static dev.thrum.crawl.search.IndexScene.copy;
import static dev.thrum.crawl.search.IndexScene.page;
import static dev.thrum.crawl.search.IndexScene.urls;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills: the folder is copied at a step of Lucene's, on the thread that takes it, while pages are appended by another. So a copy is
 * what {@code kill -9} leaves, also within a commit.
 */
@ExtendWith(LeakCheck.class)
@Timeout(120)
final class PageIndexCrashTest {
    private static final int PAGES = 400;
    private static final int COPIES = Boolean.getBoolean("thrum.soak") ? 400 : 40;
    private static final int FEWEST = 10;

    @TempDir
    private Path root;

    /** The checkpoints that are durable: the number of pages before each. */
    private final ConcurrentSkipListMap<Integer, byte[]> durable = new ConcurrentSkipListMap<>();

    /** A state of the folder after a kill. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Killed(Path folder, int pages, byte[] checkpoint, String step) {}

    private final List<Killed> kills = new CopyOnWriteArrayList<>();

    @Test
    void folder_afterAKill_hasEachPageOnce() throws IOException {
        Path folder = root.resolve("index");
        write(folder, 0, PAGES, new byte[Long.BYTES]);
        assertThat(urls(folder)).containsExactlyElementsOf(numbered(PAGES));
        // A slow machine commits more pages at a time, so it has fewer steps.
        assertThat(kills).hasSizeGreaterThan(FEWEST);
        assertThat(kills).extracting(Killed::step).contains("rename", "createOutput", "deleteFile");
        for (Killed killed : kills) {
            PageIndex.open(killed.folder(), killed.checkpoint(), Clock.system(), SMALL, directory -> directory)
                    .close();
            assertThat(urls(killed.folder()))
                    .as("killed at %s", killed.step())
                    .containsExactlyElementsOf(numbered(killed.pages()));
        }
    }

    @Test
    void kills_oneAfterTheOther_loseNothing() throws IOException {
        Path folder = root.resolve("index");
        int pages = 0;
        byte[] checkpoint = new byte[Long.BYTES];
        for (int run = 0; run < 4; run++) {
            kills.clear();
            durable.clear();
            write(folder, pages, pages + PAGES / 4, checkpoint);
            Killed last = kills.getLast();
            folder = last.folder();
            pages = last.pages();
            checkpoint = last.checkpoint();
        }
        PageIndex.open(folder, checkpoint, Clock.system(), SMALL, directory -> directory)
                .close();
        assertThat(pages).isPositive();
        assertThat(urls(folder)).containsExactlyElementsOf(numbered(pages));
    }

    private void write(Path folder, int from, int to, byte[] checkpoint) throws IOException {
        SplittableRandom random = new SplittableRandom(from + 4_711L);
        if (from == 0 && durable.isEmpty() && !folder.toFile().exists()) {
            PageIndex.create(folder, Clock.system(), SMALL).close();
        }
        durable.put(from, checkpoint);
        try (PageIndex index = PageIndex.open(
                folder, checkpoint, Clock.system(), SMALL, directory -> new Watched(directory, folder))) {
            for (int i = from; i < to; i++) {
                index.add(page(i));
                if (random.nextInt(5) == 0) {
                    index.force();
                    byte[] next = index.checkpoint();
                    durable.put(i + 1, next);
                    index.confirm(next);
                }
            }
            byte[] last = commit(index);
            durable.put(to, last);
        }
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> page(i).url()).toList();
    }

    /** Lucene's directory, of which a copy is made before some steps. */
    private final class Watched extends FilterDirectory {
        private final Path folder;
        private final SplittableRandom random = new SplittableRandom(4_711);
        private final Map<String, Integer> taken = new TreeMap<>();

        Watched(Directory directory, Path folder) {
            super(directory);
            this.folder = folder;
        }

        private void step(String name) {
            int before = taken.merge(name, 1, Integer::sum);
            if (kills.size() < COPIES && (before <= 2 || random.nextInt(8) == 0)) {
                // In this order, as what is durable is there.
                Map.Entry<Integer, byte[]> checkpoint = durable.lastEntry();
                Path copy = root.resolve("kill-" + name + "-" + System.identityHashCode(this) + "-" + kills.size());
                try {
                    copy(folder, copy);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                kills.add(new Killed(copy, checkpoint.getKey(), checkpoint.getValue(), name));
            }
        }

        @Override
        public IndexOutput createOutput(String name, IOContext context) throws IOException {
            step("createOutput");
            return super.createOutput(name, context);
        }

        @Override
        public void sync(Collection<String> names) throws IOException {
            step("sync");
            super.sync(new ArrayList<>(names));
        }

        @Override
        public void syncMetaData() throws IOException {
            step("syncMetaData");
            super.syncMetaData();
        }

        @Override
        public void rename(String from, String to) throws IOException {
            step("rename");
            super.rename(from, to);
        }

        @Override
        public void deleteFile(String name) throws IOException {
            step("deleteFile");
            super.deleteFile(name);
        }
    }
}
