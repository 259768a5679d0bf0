package dev.thrum.crawl.archive;

import dev.thrum.base.JsonLine;
import dev.thrum.base.Rfc3339;
import java.time.Instant;
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
        @Nullable String error) {
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
            @Nullable String lastModified) {}

    /** The same page with the body of an earlier one. */
    public PageRecord asDuplicateOf(String earlier) {
        return new PageRecord(url, from, depth, fetched, answer, truncated, earlier, error);
    }

    /** The same page, given up for this reason. */
    public PageRecord withError(String reason) {
        return new PageRecord(url, from, depth, fetched, answer, truncated, duplicateOf, reason);
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
        }
        if (archived != null) {
            addPayload(line, archived, date);
        }
        line.withAny("truncated", truncated == null ? null : truncated.word());
        line.withAny("duplicateOf", duplicateOf).withAny("error", error);
    }

    /** URL and date are left out if they are those of this page. */
    private void addPayload(JsonLine line, Archived archived, String date) {
        String own = answer == null ? url : answer.finalUrl;
        line.with("payload", archived.payload())
                .withAny("payloadUrl", archived.url().equals(own) ? null : archived.url())
                .withAny("payloadDate", archived.date().equals(date) ? null : archived.date());
    }
}
