package dev.thrum.crawl.search;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * The writer of the Lucene index, which keeps with each commit up to which position the pending records are in it. Owned by one
 * thread at a time.
 */
final class LuceneWriter implements AutoCloseable {
    static final String POSITION = "position";

    private final Directory directory;
    private final IndexWriter writer;
    private final Analyzer analyzer;
    private long committed;

    private LuceneWriter(Directory directory, IndexWriter writer, long committed) {
        this.directory = directory;
        this.writer = writer;
        this.analyzer = writer.getAnalyzer();
        this.committed = committed;
    }

    /** A new index. The directory is closed with the writer. */
    static LuceneWriter create(IndexFolder folder, Directory directory) throws IOException {
        return open(folder, directory, IndexWriterConfig.OpenMode.CREATE);
    }

    /**
     * The index at its last commit.
     *
     * @throws NoIndexException if it is of another version
     * @throws IOException also if another process writes it
     */
    static LuceneWriter open(IndexFolder folder, Directory directory) throws IOException {
        return open(folder, directory, IndexWriterConfig.OpenMode.APPEND);
    }

    private static LuceneWriter open(IndexFolder folder, Directory directory, IndexWriterConfig.OpenMode mode)
            throws IOException {
        // Merges are for the thread that adds pages: the index then has one thread, and the pages that wait meanwhile
        // are on
        // the disk.
        IndexWriterConfig config = new IndexWriterConfig(PageAnalyzer.ofPages())
                .setOpenMode(mode)
                .setMergeScheduler(new SerialMergeScheduler())
                .setCommitOnClose(false);
        IndexWriter writer = null;
        LuceneWriter opened = null;
        try {
            writer = new IndexWriter(directory, config);
            boolean isNew = mode == IndexWriterConfig.OpenMode.CREATE;
            opened = new LuceneWriter(directory, writer, isNew ? 0 : position(writer));
            return opened;
        } catch (LockObtainFailedException e) {
            throw new IOException(
                    "expected to be the only writer of the index " + folder.path()
                            + " but another process writes it; wait for its end, or end it",
                    e);
        } catch (IndexFormatTooNewException | IndexFormatTooOldException e) {
            throw folder.otherVersion("written by another version of Lucene", e);
        } catch (IndexNotFoundException e) {
            throw new NoIndexException(
                    "expected Lucene's files in " + folder.lucene() + " but there are none; crawl again", e);
        } finally {
            if (opened == null) {
                if (writer != null) {
                    writer.rollback();
                }
                directory.close();
            }
        }
    }

    private static long position(IndexWriter writer) throws IOException {
        for (Map.Entry<String, String> entry : writer.getLiveCommitData()) {
            if (entry.getKey().equals(POSITION) && entry.getValue().matches("\\d{1,18}")) {
                return Long.parseLong(entry.getValue());
            }
        }
        throw new IOException("expected the position of the pages in the commit of the index but there is none;"
                + " something else has written the index: crawl again");
    }

    /** The position of the last commit. */
    long committed() {
        return committed;
    }

    void apply(PendingRecord record) throws IOException {
        switch (record) {
            case PendingRecord.Add(IndexedPage page) -> writer.addDocument(PageFields.document(page));
            case PendingRecord.Replace(IndexedPage page) ->
                writer.updateDocument(new Term(PageFields.URL, page.url()), PageFields.document(page));
            case PendingRecord.Remove(String url) -> writer.deleteDocuments(new Term(PageFields.URL, url));
        }
    }

    /** Adds all live pages of an index, without analyzing them again. */
    void add(CodecReader... pages) throws IOException {
        long _ = writer.addIndexes(pages);
    }

    /** Makes what was applied durable, and visible to searches; it ends at this position. */
    void commit(long position) throws IOException {
        writer.setLiveCommitData(Map.of(POSITION, Long.toString(position)).entrySet());
        writer.commit();
        committed = position;
    }

    /** Closes the index; what was not committed is gone. */
    @Override
    public void close() throws IOException {
        try (directory;
                analyzer) {
            writer.rollback();
        }
    }
}
