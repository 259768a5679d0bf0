package dev.thrum.crawl.search;

import dev.thrum.base.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Searches the pages of a crawl, which may still be going on, also in another process. Safe for concurrent use; a search reads
 * files, and is no task for an event loop.
 *
 * <p>A query is words, all of which a page must have: in its title, its headings or its text. {@code "Words in quotation marks"}
 * follow each other. {@code title:word} is in the title, {@code site:example.org} means pages of that host and those below it, and
 * a minus sign excludes: {@code -word}, {@code -site:shop.example.org}. Whatever else is typed is words. Case and accents don't
 * matter.
 */
public final class SearchIndex implements AutoCloseable {
    private static final Duration REFRESH = Duration.ofSeconds(1);

    private final Directory directory;
    private final SearcherManager searchers;
    private final Clock clock;
    private final PageAnalyzer ofPages = PageAnalyzer.ofPages();
    private final PageAnalyzer ofQueries = PageAnalyzer.ofQueries();
    /** When somebody looks again for new pages; whoever sets it by compare-and-set does. */
    private final AtomicLong due;

    private SearchIndex(Directory directory, SearcherManager searchers, Clock clock) {
        this.directory = directory;
        this.searchers = searchers;
        this.clock = clock;
        this.due = new AtomicLong(clock.nanoTime() + REFRESH.toNanos());
    }

    /**
     * Opens the index of a crawl.
     *
     * @param crawl the folder that the crawl writes
     * @throws NoIndexException if it has no index, or one of another version
     */
    public static SearchIndex open(Path crawl, Clock clock) throws IOException {
        IndexFolder folder = new IndexFolder(crawl.resolve(PageIndex.FOLDER));
        folder.require();
        SearchIndex opened = null;
        Directory directory = FSDirectory.open(folder.lucene());
        try {
            opened = new SearchIndex(directory, new SearcherManager(directory, new SearcherFactory()), clock);
            return opened;
        } catch (IndexFormatTooNewException | IndexFormatTooOldException | IndexNotFoundException e) {
            throw folder.otherVersion("written by another version of Lucene", e);
        } finally {
            if (opened == null) {
                directory.close();
            }
        }
    }

    /**
     * Returns if a folder has an index that {@link #open} can read.
     *
     * @throws NoIndexException if it has not
     */
    public static void require(Path crawl) throws IOException {
        new IndexFolder(crawl.resolve(PageIndex.FOLDER)).require();
    }

    /**
     * Searches.
     *
     * @param query as a user has typed it; anything is allowed. Only the first 1,000 characters and the first 64 words count
     * @param page from 1 to {@link SearchPage#LAST}
     */
    public SearchPage search(String query, int page) throws IOException {
        if (page < 1 || page > SearchPage.LAST) {
            throw new IllegalArgumentException("expected a page from 1 to " + SearchPage.LAST + " but was " + page);
        }
        PageQuery parsed = PageQuery.parse(query, ofQueries);
        refresh();
        IndexSearcher searcher = searchers.acquire();
        try {
            // All matches are counted, because users want to know how many there are.
            TopDocs top = searcher.search(
                    parsed.query(), new TopScoreDocCollectorManager(page * SearchPage.SIZE, Integer.MAX_VALUE));
            return new SearchPage(top.totalHits.value(), page, parsed.isCut(), hits(searcher, top, page, parsed));
        } finally {
            searchers.release(searcher);
        }
    }

    private List<Hit> hits(IndexSearcher searcher, TopDocs top, int page, PageQuery query) throws IOException {
        List<Hit> hits = new ArrayList<>();
        SnippetMaker snippets = new SnippetMaker(query.words(), ofPages);
        StoredFields stored = searcher.storedFields();
        for (int i = (page - 1) * SearchPage.SIZE; i < top.scoreDocs.length; i++) {
            ScoreDoc found = top.scoreDocs[i];
            Document document = stored.document(found.doc, PageFields.SHOWN);
            hits.add(new Hit(
                    text(document, PageFields.URL),
                    text(document, PageFields.TITLE),
                    snippets.of(text(document, PageFields.BODY)),
                    found.score));
        }
        return hits;
    }

    private static String text(Document document, String field) {
        String text = document.get(field);
        return text == null ? "" : text;
    }

    /** Looks for new pages, at most once a second; other threads search what they have meanwhile. */
    private void refresh() throws IOException {
        long now = clock.nanoTime();
        long time = due.get();
        if (now - time >= 0 && due.compareAndSet(time, now + REFRESH.toNanos())) {
            boolean _ = searchers.maybeRefresh();
        }
    }

    @Override
    public void close() throws IOException {
        try (directory;
                ofPages;
                ofQueries) {
            searchers.close();
        }
    }
}
