package dev.thrum.crawl.crawler;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.EarlierLines;
import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.PageLines;
import dev.thrum.crawl.archive.PageRecord.Change;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.frontier.Frontier;
import dev.thrum.crawl.frontier.Noted;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The crawl that is refreshed: what it has recorded, and what has become of that so far. About 50 bytes of memory for each of its pages; the
 * lines are read from the disk.
 *
 * <p>Its pages can be read by any thread. What has become of them is owned by whoever records.
 */
final class EarlierCrawl implements AutoCloseable {
    private final EarlierLines lines;
    private final UrlIdentity identity;
    private final PagePlaces pages = new PagePlaces();

    /** By place: the pages that have a line in the new crawl, or are noted as gone. */
    private final BitSet met = new BitSet();

    /** By place: the pages whose body was not sent again. */
    private final BitSet carried = new BitSet();

    private final Map<Change, Long> changes = new EnumMap<>(Change.class);
    private boolean isEnded;

    private EarlierCrawl(EarlierLines lines, UrlIdentity identity) {
        this.lines = lines;
        this.identity = identity;
    }

    /**
     * Opens a crawl that was set aside.
     *
     * @param folder of its lines
     * @param frontier the folder of its frontier
     */
    static EarlierCrawl open(Path folder, Path frontier, UrlIdentity identity) throws IOException {
        EarlierCrawl crawl = new EarlierCrawl(EarlierLines.open(folder), identity);
        boolean opened = false;
        try {
            Frontier.open(frontier, crawl::add).close();
            opened = true;
            return crawl;
        } finally {
            if (!opened) {
                crawl.close();
            }
        }
    }

    private void add(Noted noted) {
        Note note = Note.parse(noted.note());
        if (note.type() != Note.Type.END && !note.place().equals(Note.Place.NONE)) {
            pages.add(noted.fingerprint(), note.place(), note.words());
        }
    }

    /**
     * A page of the earlier crawl.
     *
     * @param links the offset of its links
     * @param words the hash of what it says
     */
    record Page(PageLine line, long links, long words) {
        /** Whether there was a page, and not an error only. */
        boolean isThere() {
            return line.page().isThere();
        }
    }

    /** The page with this fingerprint; empty if there is none. */
    Optional<Page> page(Fingerprint fingerprint) throws IOException {
        int place = pages.place(fingerprint);
        if (place == PagePlaces.NONE) {
            return Optional.empty();
        }
        Note.Place at = pages.lines(place);
        PageLine line = lines.pageAt(at.page());
        return fingerprint(line.url()).equals(fingerprint)
                ? Optional.of(new Page(line, at.links(), pages.words(place)))
                : Optional.empty();
    }

    Fingerprint fingerprint(String url) {
        return identity.key(Url.parse(url));
    }

    List<LinkRecord> links(Page page) throws IOException {
        return lines.linksAt(page.links(), page.line().url());
    }

    PageLines pages() throws IOException {
        return lines.pages();
    }

    /** Writes the malformed links of pages whose body was not sent again; returns how many. */
    long carryMalformed(CrawlOutputs outputs) throws IOException {
        long[] count = {0};
        lines.skipped(Candidate.SkipReason.MALFORMED, malformed -> {
            if (malformed.from() != null && isCarried(fingerprint(malformed.from()))) {
                outputs.skipped(malformed);
                count[0]++;
            }
        });
        return count[0];
    }

    /** Learns what a finished URL of the new crawl is noted with. */
    void learn(Fingerprint fingerprint, Note note) {
        if (note.type() == Note.Type.END) {
            isEnded = true;
            count(Change.GONE, note.place().page());
            return;
        }
        Change change = note.mark().change();
        if (change != null) {
            count(change, 1);
        }
        int place = pages.place(fingerprint);
        if (place != PagePlaces.NONE) {
            if (!note.place().equals(Note.Place.NONE) || change == Change.GONE) {
                met.set(place);
            }
            if (note.mark().isCarried()) {
                carried.set(place);
            }
        }
    }

    /** Whether a page has a line in the new crawl, or is noted as gone. */
    boolean isMet(Fingerprint fingerprint) {
        int place = pages.place(fingerprint);
        return place != PagePlaces.NONE && met.get(place);
    }

    /** Whether the body of a page was not sent again. */
    private boolean isCarried(Fingerprint fingerprint) {
        int place = pages.place(fingerprint);
        return place != PagePlaces.NONE && carried.get(place);
    }

    /** Whether it is known of all pages what has become of them. */
    boolean isEnded() {
        return isEnded;
    }

    CrawlCounts.Changes changes() {
        return new CrawlCounts.Changes(
                count(Change.NEW, 0), count(Change.CHANGED, 0), count(Change.SAME, 0), count(Change.GONE, 0));
    }

    @CanIgnoreReturnValue
    private long count(Change change, long more) {
        return changes.merge(change, more, Long::sum);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
