package dev.thrum.crawl.crawler;

import dev.thrum.crawl.crawler.Outcome.Content;
import dev.thrum.crawl.frontier.Noted;
import dev.thrum.crawl.url.SessionParameters;
import dev.thrum.crawl.url.Traps;

/** What a crawl has learned from the pages so far, besides what the frontier has. */
record CrawlMemory(Traps traps, SessionParameters sessions, ContentTable contents) {
    /** Learns again what is noted of a finished URL. */
    void learn(Noted noted) {
        Note note = Note.parse(noted.note());
        Content content = note.content();
        if (content != null) {
            traps.pageDone(Note.hostName(note.host()), note.shape(), note.words());
            if (note.type() == Note.Type.PAGE) {
                var _ = contents.putIfAbsent(content, note.offset());
            }
        }
    }
}
