package dev.thrum.crawl.archive;

import dev.thrum.base.JsonLine;
import dev.thrum.base.Rfc3339;
import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A line of {@code pages.jsonl}, read back.
 *
 * @param page what was recorded
 * @param payload the digest of the payload in the WARC files; null if there is none
 * @param payloadUrl the target of the record with the payload, if it is not the final URL of the page
 * @param payloadDate the date of the record with the payload, if it is not that of the page
 */
public record PageLine(
        PageRecord page,
        @Nullable String payload,
        @Nullable String payloadUrl,
        @Nullable Instant payloadDate) {
    /** As it was requested. */
    public String url() {
        return page.url();
    }

    /** The URL that the response came from; null if there was no response. */
    public @Nullable String finalUrl() {
        return page.answer() == null ? null : page.answer().finalUrl();
    }

    /** The target of the WARC record that has the payload. */
    public String originUrl() {
        if (payloadUrl != null) {
            return payloadUrl;
        }
        return page.answer() == null ? page.url() : page.answer().finalUrl();
    }

    /** The date of the WARC record that has the payload. */
    public Instant originDate() {
        return payloadDate == null ? page.fetched() : payloadDate;
    }

    /** Writes the line, without the URL of an earlier page with the same body. */
    public void writeWithoutOriginal(OutputStream out) throws IOException {
        JsonLine line = new JsonLine();
        page.withoutOriginal().addTo(line, archived());
        line.writeTo(out);
    }

    /** Where the payload is; null if it is in no WARC file. */
    @Nullable
    Archived archived() {
        return payload == null ? null : new Archived(payload, originUrl(), Rfc3339.text(originDate()));
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is none; the message says why, but not where it is
     */
    static PageLine parse(byte[] bytes, int offset, int length) throws IOException {
        Members members = new Members();
        JsonMembers.read(bytes, offset, length, members::read);
        return members.line();
    }

    /** The members that were read. Owned by the thread that parses. */
    private static final class Members {
        private @Nullable String url;
        private @Nullable String from;
        private @Nullable Instant fetched;
        private int depth;
        private @Nullable String finalUrl;
        private int status;
        private @Nullable String title;
        private @Nullable String type;
        private @Nullable String charset;
        private @Nullable String digest;
        private long size;
        private @Nullable String etag;
        private @Nullable String lastModified;
        private @Nullable String robots;
        private @Nullable Truncation truncated;
        private @Nullable String duplicateOf;
        private PageRecord.@Nullable Change change;
        private @Nullable String error;
        private @Nullable String payload;
        private @Nullable String payloadUrl;
        private @Nullable Instant payloadDate;

        void read(String name, JsonToken token, JsonParser parser) throws IOException {
            if (token == JsonToken.VALUE_STRING) {
                text(name, parser.getString());
            } else if (token == JsonToken.VALUE_NUMBER_INT) {
                switch (name) {
                    case "status" -> status = parser.getIntValue();
                    case "depth" -> depth = parser.getIntValue();
                    case "length" -> size = parser.getLongValue();
                    default -> {
                        // None of ours.
                    }
                }
            }
        }

        private void text(String name, String value) throws IOException {
            switch (name) {
                case "url" -> url = value;
                case "from" -> from = value;
                case "fetched" -> fetched = instant(name, value);
                case "final" -> finalUrl = value;
                case "title" -> title = value;
                case "type" -> type = value;
                case "charset" -> charset = value;
                case "digest" -> digest = value;
                case "etag" -> etag = value;
                case "lastModified" -> lastModified = value;
                case "robots" -> robots = value;
                case "truncated" -> truncated = constant(name, value, Truncation.values(), Truncation::word);
                case "duplicateOf" -> duplicateOf = value;
                case "change" -> change = constant(name, value, PageRecord.Change.values(), PageRecord.Change::word);
                case "error" -> error = value;
                case "payload" -> payload = value;
                case "payloadUrl" -> payloadUrl = value;
                case "payloadDate" -> payloadDate = instant(name, value);
                default -> {
                    // None of ours.
                }
            }
        }

        private static Instant instant(String name, String value) throws IOException {
            try {
                return Instant.parse(value);
            } catch (DateTimeException e) {
                throw new IOException(
                        "expected the member \"" + name + "\" as 2026-11-20T08:20:00.120Z but it is malformed", e);
            }
        }

        private static <E> E constant(String name, String value, E[] all, Function<E, String> word) throws IOException {
            return Arrays.stream(all)
                    .filter(one -> word.apply(one).equals(value))
                    .findFirst()
                    .orElseThrow(() -> new IOException(String.format(
                            Locale.ROOT,
                            "expected the member \"%s\" as one of %s but it is another one",
                            name,
                            Arrays.stream(all).map(word).toList())));
        }

        PageLine line() throws IOException {
            if (url == null || fetched == null) {
                throw new IOException("expected the members \"url\" and \"fetched\" but one is missing");
            }
            PageRecord.Answer answer = finalUrl == null
                    ? null
                    : new PageRecord.Answer(
                            finalUrl, status, title, type, charset, digest, size, etag, lastModified, robots);
            PageRecord page = new PageRecord(url, from, depth, fetched, answer, truncated, duplicateOf, change, error);
            return new PageLine(page, payload, payloadUrl, payloadDate);
        }
    }
}
