package dev.thrum.crawl.crawler;

import dev.thrum.crawl.archive.Exchange;
import dev.thrum.crawl.archive.LinkRecord;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.archive.SkippedRecord;
import dev.thrum.crawl.crawler.Candidate.SkipReason;
import dev.thrum.crawl.frontier.KnownUrl;
import dev.thrum.crawl.search.IndexedPage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a URL: on its way from the stage that fetches to the one that records. */
sealed interface Outcome {
    /**
     * A page, or the failure to get it.
     *
     * @param page as it is recorded, if it is no duplicate
     * @param exchange null if there was no response
     * @param content a part of the digest of the body; null if there is none that counts
     * @param found what it leads to
     * @param words a hash of what it says, whatever its markup and its links are; meaningless without content
     * @param text for the index; null if it is not indexed
     * @param body where it comes from
     */
    record Page(
            KnownUrl url,
            PageRecord page,
            @Nullable Exchange exchange,
            @Nullable Content content,
            Found found,
            long words,
            @Nullable IndexedPage text,
            Body body)
            implements Outcome {}

    /** Where the body of a page comes from. */
    enum Body {
        /** The response has it, or there is none. */
        SENT,
        /** It is that of an earlier crawl, as the server says. */
        UNCHANGED,
        /** It is that of an earlier crawl, since the page could not be fetched again. */
        KEPT
    }

    /** A URL that was not fetched after all. */
    record Skipped(KnownUrl url, SkipReason reason) implements Outcome {}

    /** A sitemap that was read. */
    record Sitemap(KnownUrl url, @Nullable Exchange exchange, Found found) implements Outcome {}

    /** The lines of the crawl that is refreshed can't be read: the crawl can't go on. */
    record Unreadable(IOException cause) implements Outcome {}

    /**
     * A robots.txt that was asked for.
     *
     * @param exchanges also those of redirects
     * @param found the sitemaps that it names
     */
    record Robots(List<Exchange> exchanges, Found found) implements Outcome {
        public Robots {
            exchanges = List.copyOf(exchanges);
        }
    }

    /**
     * The content of a page, as far as it is compared.
     *
     * @param high 64 bits of its digest
     * @param low 64 others
     */
    record Content(long high, long low) {
        /** That of a body with this digest. */
        static Content of(byte[] digest) {
            ByteBuffer bits = ByteBuffer.wrap(digest);
            return new Content(bits.getLong(), bits.getLong());
        }
    }

    /**
     * What a page leads to.
     *
     * @param links as they are recorded
     * @param candidates as they are followed, or not
     * @param malformed links that are no URLs
     */
    record Found(List<LinkRecord> links, List<Candidate> candidates, List<SkippedRecord> malformed) {
        static final Found NOTHING = new Found(List.of(), List.of(), List.of());

        static Found of(List<Candidate> candidates) {
            return new Found(List.of(), candidates, List.of());
        }
    }
}
