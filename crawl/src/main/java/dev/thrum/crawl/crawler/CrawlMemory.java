package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.Noted;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Traps;
import org.jspecify.annotations.Nullable;

/**
 * What a crawl has learned from the pages so far, besides what the frontier has.
 *
 * @param places of the recorded pages that lead to others; null if the depth doesn't matter
 * @param earlier the crawl that is refreshed; null if there is none
 */
record CrawlMemory(
        Traps traps,
        SessionParameters sessions,
        ContentTable contents,
        @Nullable PagePlaces places,
        @Nullable EarlierCrawl earlier) {
    /**
     * Learns what a process has noted of a finished URL of a crawl that is shared.
     *
     * @param original where the page is, as a number below {@link ContentTable#NONE}
     */
    void learn(Note note, long original) {
        Content content = note.content();
        if (content != null) {
            traps.pageDone(Note.hostName(note.host()), note.shape(), note.words());
            if (note.type() == Note.Type.PAGE) {
                var _ = contents.putIfAbsent(content, original);
            }
        }
    }

    /** Learns again what is noted of a finished URL. */
    void learn(Noted noted) {
        Note note = Note.parse(noted.note());
        if (earlier != null) {
            earlier.learn(noted.fingerprint(), note);
        }
        if (places != null && Note.LEADING.contains(note.type())) {
            places.add(noted.fingerprint(), note.place(), 0);
        }
        Content content = note.content();
        if (content != null) {
            traps.pageDone(Note.hostName(note.host()), note.shape(), note.words());
            if (note.type() == Note.Type.PAGE) {
                var _ = contents.putIfAbsent(content, note.place().page());
            }
        }
    }
}
