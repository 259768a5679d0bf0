package dev.thrum.crawl.search;

import dev.thrum.base.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FilterCodecReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.SlowCodecReaderWrapper;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * A new full-text index made of pages of others, for {@link SearchIndex}. The others are only read. Owned by one thread.
 */
public final class MergedIndex implements AutoCloseable {
    private final IndexFolder folder;
    private final LuceneWriter writer;

    private MergedIndex(IndexFolder folder, LuceneWriter writer) {
        this.folder = folder;
        this.writer = writer;
    }

    /** Makes an empty index in a folder that has none. */
    public static MergedIndex create(Path folder) throws IOException {
        IndexFolder index = new IndexFolder(folder);
        Files.createDirectories(index.lucene());
        return new MergedIndex(index, LuceneWriter.create(index, FSDirectory.open(index.lucene())));
    }

    /**
     * Adds pages of an index that nobody writes to.
     *
     * @param index the folder of the index
     * @param checkpoint how much of it counts, as {@link PageIndex#checkpoint} has returned it; empty if all of it does
     * @param takes is asked once for each page, with its URL, whether to add it; of a page that is there more than once,
     *     the last one counts
     * @throws NoIndexException if there is no index, or one of another version
     */
    public void add(Path index, Optional<byte[]> checkpoint, Predicate<String> takes) throws IOException {
        IndexFolder from = new IndexFolder(index);
        from.require();
        try (Directory directory = FSDirectory.open(from.lucene());
                DirectoryReader reader = DirectoryReader.open(directory)) {
            String known = reader.getIndexCommit().getUserData().getOrDefault(LuceneWriter.POSITION, "0");
            long committed = Long.parseLong(known);
            Map<String, Long> pending = checkpoint.isEmpty()
                    ? Map.of()
                    : lastOfPending(index, committed, PageIndex.position(checkpoint.get()));
            Map<String, Boolean> isTaken = new HashMap<>();
            pending.keySet().forEach(url -> isTaken.put(url, takes.test(url)));
            addCommitted(reader, url -> !isTaken.containsKey(url) && takes.test(url));
            if (!pending.isEmpty()) {
                addPending(index, committed, PageIndex.position(checkpoint.get()), pending, isTaken);
            }
        } catch (IndexFormatTooNewException | IndexFormatTooOldException e) {
            throw from.otherVersion("written by another version of Lucene", e);
        }
    }

    /** The position of the last record of each page that is not in the Lucene index yet; there are at most some megabytes of them. */
    private static Map<String, Long> lastOfPending(Path index, long from, long to) throws IOException {
        Map<String, Long> last = new HashMap<>();
        try (PendingReader records = new PendingReader(index, from)) {
            for (long at = from; at < to; at = records.position()) {
                last.put(url(records.next()), at);
            }
        }
        return last;
    }

    private static String url(PendingRecord record) {
        return switch (record) {
            case PendingRecord.Add(IndexedPage page) -> page.url();
            case PendingRecord.Replace(IndexedPage page) -> page.url();
            case PendingRecord.Remove(String url) -> url;
        };
    }

    private void addPending(Path index, long from, long to, Map<String, Long> last, Map<String, Boolean> isTaken)
            throws IOException {
        try (PendingReader records = new PendingReader(index, from)) {
            for (long at = from; at < to; at = records.position()) {
                PendingRecord record = records.next();
                String url = url(record);
                boolean isLast = last.getOrDefault(url, -1L) == at;
                if (isLast && isTaken.getOrDefault(url, false) && !(record instanceof PendingRecord.Remove)) {
                    writer.apply(record);
                }
            }
        }
    }

    private void addCommitted(DirectoryReader reader, Predicate<String> takes) throws IOException {
        List<CodecReader> kept = new ArrayList<>();
        // Backwards, because the last page with a URL is asked for first.
        for (LeafReaderContext leaf : reader.leaves().reversed()) {
            CodecReader pages = SlowCodecReaderWrapper.wrap(leaf.reader());
            FixedBitSet taken = taken(pages, takes);
            if (taken.cardinality() > 0) {
                kept.addFirst(new Part(pages, taken));
            }
        }
        if (!kept.isEmpty()) {
            writer.add(kept.toArray(CodecReader[]::new));
        }
    }

    /** The pages of a part of an index that are taken. */
    private static FixedBitSet taken(CodecReader pages, Predicate<String> takes) throws IOException {
        FixedBitSet taken = new FixedBitSet(Math.max(1, pages.maxDoc()));
        Bits live = pages.getLiveDocs();
        Terms urls = pages.terms(PageFields.URL);
        if (urls == null) {
            return taken;
        }
        TermsEnum each = urls.iterator();
        PostingsEnum found = null;
        for (BytesRef url = each.next(); url != null; url = each.next()) {
            found = each.postings(found, PostingsEnum.NONE);
            int page = last(found, live);
            if (page >= 0 && takes.test(url.utf8ToString())) {
                taken.set(page);
            }
        }
        return taken;
    }

    /** The last live page; -1 if there is none. */
    private static int last(PostingsEnum found, @Nullable Bits live) throws IOException {
        int last = -1;
        for (int page = found.nextDoc(); page != DocIdSetIterator.NO_MORE_DOCS; page = found.nextDoc()) {
            if (live == null || live.get(page)) {
                last = page;
            }
        }
        return last;
    }

    /** A part of an index, of which some pages count. */
    private static final class Part extends FilterCodecReader {
        private final FixedBitSet taken;

        Part(CodecReader pages, FixedBitSet taken) {
            super(pages);
            this.taken = taken;
        }

        @Override
        public Bits getLiveDocs() {
            return taken;
        }

        @Override
        public int numDocs() {
            return taken.cardinality();
        }

        @Override
        public @Nullable CacheHelper getCoreCacheHelper() {
            return in.getCoreCacheHelper();
        }

        @Override
        public @Nullable CacheHelper getReaderCacheHelper() {
            return null;
        }
    }

    /** Makes the index durable; it can be searched from then on. */
    public void complete() throws IOException {
        writer.commit(0);
        folder.mark(Disk.ofSystem());
    }

    /** Closes the index; if it is not complete, it is none. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
