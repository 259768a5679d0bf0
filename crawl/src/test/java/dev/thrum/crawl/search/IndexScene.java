package dev.thrum.crawl.search;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;

/** What the tests of the index share. */
final class IndexScene {
    /** Small files and frequent commits, so that few pages cause all there is. */
    static final IndexTuning SMALL = new IndexTuning(2_000, 3_000, Duration.ofMinutes(1), 20_000);

    /** Lucene commits only at the end. */
    static final IndexTuning LATE = new IndexTuning(1 << 20, 1 << 30, Duration.ofHours(1), 1 << 30);

    private IndexScene() {}

    static IndexedPage page(int number) {
        return page(
                "http://a.example/" + (10_000 + number),
                "Page " + number,
                "text of page " + number + " with words of its own " + "and more ".repeat(number % 17));
    }

    static IndexedPage page(String url, String title, String body) {
        String host = url.replaceFirst("^https?://", "").replaceFirst("/.*", "");
        return new IndexedPage(url, host, title, "", body);
    }

    /** A folder of a crawl with an index of these pages. */
    static Path crawl(Path folder, IndexedPage... pages) throws IOException {
        try (PageIndex index = PageIndex.create(folder.resolve(PageIndex.FOLDER), Clock.system(), LATE)) {
            for (IndexedPage page : pages) {
                index.add(page);
            }
            commit(index);
        }
        return folder;
    }

    /** A group commit. */
    static byte[] commit(PageIndex index) throws IOException {
        index.force();
        byte[] checkpoint = index.checkpoint();
        index.confirm(checkpoint);
        return checkpoint;
    }

    /** The URLs that are in the last commit of Lucene, each as often as it is there; sorted, as Lucene keeps no order. */
    static List<String> urls(Path folder) throws IOException {
        List<String> urls = new ArrayList<>();
        try (FSDirectory directory = FSDirectory.open(folder.resolve("lucene"));
                DirectoryReader reader = DirectoryReader.open(directory)) {
            for (LeafReaderContext leaf : reader.leaves()) {
                Bits live = leaf.reader().getLiveDocs();
                for (int i = 0; i < leaf.reader().maxDoc(); i++) {
                    if (live == null || live.get(i)) {
                        urls.add(leaf.reader().storedFields().document(i).get(PageFields.URL));
                    }
                }
            }
        }
        urls.sort(null);
        return urls;
    }

    /** Copies a folder, while files may be removed from it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.endsWith("write.lock")) {
                    copyFile(file, target);
                }
            }
        }
    }

    private static void copyFile(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target);
        } catch (NoSuchFileException e) {
            // Nobody needs it any more.
            Files.deleteIfExists(target);
        }
    }
}
