package dev.thrum.crawl.archive;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a later request needs of a line of {@code pages.jsonl}; see {@link PageRecord} for its members.
 *
 * @param url as it was requested
 * @param finalUrl the URL that the response came from; null if there was no response
 * @param status of the response; 0 if there was none
 * @param digest of the decoded body; null if there is none
 * @param etag null if there was none
 * @param lastModified null if there was none
 * @param payload the digest of the payload in the WARC files; null if there is none
 * @param payloadUrl the target of the record with the payload, if it is not {@code finalUrl}
 * @param payloadDate the date of the record with the payload, if it is not {@code fetched}
 */
public record PageLine(
        String url,
        @Nullable String finalUrl,
        int status,
        @Nullable String digest,
        Instant fetched,
        @Nullable String etag,
        @Nullable String lastModified,
        @Nullable String payload,
        @Nullable String payloadUrl,
        @Nullable Instant payloadDate) {
    private static final JsonFactory JSON = new JsonFactory();

    /** The target of the WARC record that has the payload. */
    String originUrl() {
        if (payloadUrl != null) {
            return payloadUrl;
        }
        return finalUrl == null ? url : finalUrl;
    }

    /** The date of the WARC record that has the payload. */
    Instant originDate() {
        return payloadDate == null ? fetched : payloadDate;
    }

    /**
     * Reads a line.
     *
     * @throws IOException if it is none; the message says why, but not where it is
     */
    static PageLine parse(byte[] bytes, int offset, int length) throws IOException {
        Members members = new Members();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("expected a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                members.read(parser);
            }
            if (parser.nextToken() != null) {
                throw new IOException("expected one JSON object but there is more");
            }
        } catch (JacksonException e) {
            throw new IOException("expected a JSON object but it is malformed: " + e.getOriginalMessage(), e);
        }
        return members.line();
    }

    /** The members that were read. Owned by the thread that parses. */
    private static final class Members {
        private @Nullable String url;
        private @Nullable String finalUrl;
        private int status;
        private @Nullable String digest;
        private @Nullable Instant fetched;
        private @Nullable String etag;
        private @Nullable String lastModified;
        private @Nullable String payload;
        private @Nullable String payloadUrl;
        private @Nullable Instant payloadDate;

        /** Reads the value after a name. */
        void read(JsonParser parser) throws IOException {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                text(name, parser.getString());
            } else if (name.equals("status") && token == JsonToken.VALUE_NUMBER_INT) {
                status = parser.getIntValue();
            } else {
                // Members of another kind are none of those above.
                parser.skipChildren();
            }
        }

        private void text(String name, String value) throws IOException {
            switch (name) {
                case "url" -> url = value;
                case "final" -> finalUrl = value;
                case "digest" -> digest = value;
                case "fetched" -> fetched = instant(name, value);
                case "etag" -> etag = value;
                case "lastModified" -> lastModified = value;
                case "payload" -> payload = value;
                case "payloadUrl" -> payloadUrl = value;
                case "payloadDate" -> payloadDate = instant(name, value);
                default -> {
                    // The others are for people.
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

        PageLine line() throws IOException {
            if (url == null || fetched == null) {
                throw new IOException("expected the members \"url\" and \"fetched\" but one is missing");
            }
            return new PageLine(
                    url, finalUrl, status, digest, fetched, etag, lastModified, payload, payloadUrl, payloadDate);
        }
    }
}
