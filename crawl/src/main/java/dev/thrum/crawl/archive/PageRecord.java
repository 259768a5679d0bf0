package dev.thrum.crawl.archive;

import dev.thrum.base.JsonLine;
import dev.thrum.base.Rfc3339;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code pages.jsonl}.
 *
 * @param url as it was requested; the key of the page in all files
 * @param from the page that it was found on; null for a seed
 * @param depth the number of links from a seed
 * @param fetched when the request was sent
 * @param answer what the server has sent; null if there was no response
 * @param truncated why the body is not whole; null if it is
 * @param duplicateOf the URL of an earlier page with the same body; null if there is none
 * @param change since the crawl that this one refreshes; null if there is none to tell
 * @param error why the page was given up; null if it was not
 */
public record PageRecord(
        String url,
        @Nullable String from,
        int depth,
        Instant fetched,
        @Nullable Answer answer,
        @Nullable Truncation truncated,
        @Nullable String duplicateOf,
        @Nullable Change change,
        @Nullable String error) {
    private static final int FIRST_ERROR = 400;

    /** What has become of a page since an earlier crawl. */
    public enum Change {
        /** It was not there. */
        NEW,
        /** Its status, its body or its target is another one. */
        CHANGED,
        SAME,
        /** It was there, and is not any more. */
        GONE;

        /** As it is written, and counted. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The response.
     *
     * @param finalUrl the URL that it came from, after redirects
     * @param title of an HTML document, its white space collapsed; null if it has none
     * @param type the media type; null if it is unknown
     * @param charset the name of the encoding; null if the body is no text
     * @param digest of the decoded body, such as {@code sha256:} and hexadecimal digits; null if there is none
     * @param length of the decoded body, in bytes
     * @param etag the field {@code ETag} as received; null if there was none
     * @param lastModified the field {@code Last-Modified} as received; null if there was none
     * @param robots what the page asks of robots, such as {@code nofollow}; null if nothing
     */
    public record Answer(
            String finalUrl,
            int status,
            @Nullable String title,
            @Nullable String type,
            @Nullable String charset,
            @Nullable String digest,
            long length,
            @Nullable String etag,
            @Nullable String lastModified,
            @Nullable String robots) {}

    /** The same page with the body of an earlier one. */
    public PageRecord asDuplicateOf(String earlier) {
        return new PageRecord(url, from, depth, fetched, answer, truncated, earlier, change, error);
    }

    /** The same page, of which no earlier one with the same body is known. */
    PageRecord withoutOriginal() {
        return new PageRecord(url, from, depth, fetched, answer, truncated, null, change, error);
    }

    public PageRecord withChange(@Nullable Change value) {
        return new PageRecord(url, from, depth, fetched, answer, truncated, duplicateOf, value, error);
    }

    /** The same page, given up for this reason. */
    public PageRecord withError(String reason) {
        return new PageRecord(url, from, depth, fetched, answer, truncated, duplicateOf, change, reason);
    }

    /** Whether something is there: a response whose status doesn't say otherwise. */
    public boolean isThere() {
        return answer != null && answer.status < FIRST_ERROR;
    }

    /**
     * Adds the members, in the order of the documentation.
     *
     * @param archived where the payload is; null if it is in no WARC file
     */
    void addTo(JsonLine line, @Nullable Archived archived) {
        line.with("url", url);
        if (answer != null) {
            line.with("final", answer.finalUrl).with("status", answer.status).withAny("title", answer.title);
            line.withAny("type", answer.type).withAny("charset", answer.charset);
        }
        line.with("depth", depth).withAny("from", from);
        if (answer != null) {
            line.withAny("digest", answer.digest).with("length", answer.length);
        }
        String date = Rfc3339.text(fetched);
        line.with("fetched", date);
        if (answer != null) {
            line.withAny("etag", answer.etag).withAny("lastModified", answer.lastModified);
            line.withAny("robots", answer.robots);
        }
        if (archived != null) {
            addPayload(line, archived, date);
        }
        line.withAny("truncated", truncated == null ? null : truncated.word());
        line.withAny("duplicateOf", duplicateOf).withAny("change", change == null ? null : change.word());
        line.withAny("error", error);
    }

    /** URL and date are left out if they are those of this page. */
    private void addPayload(JsonLine line, Archived archived, String date) {
        String own = answer == null ? url : answer.finalUrl;
        line.with("payload", archived.payload())
                .withAny("payloadUrl", archived.url().equals(own) ? null : archived.url())
                .withAny("payloadDate", archived.date().equals(date) ? null : archived.date());
    }
}
