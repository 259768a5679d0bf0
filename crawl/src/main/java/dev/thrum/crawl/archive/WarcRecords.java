package dev.thrum.crawl.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.AddressText;
import dev.thrum.base.Rfc3339;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Forms WARC records (ISO 28500, version 1.1). Owned by one thread. */
final class WarcRecords {
    private static final String SPECIFICATION =
            "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";
    private static final String PROFILES = "http://netpreserve.org/warc/1.1/revisit/";
    private static final byte[] END = "\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] NONE = {};

    private static final long VERSION_BITS = 0xf000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_BITS = 3L << 62;
    private static final long VARIANT_1 = 1L << 63;

    private final RandomGenerator random;
    private final RecordHead head = new RecordHead();
    private final MessageDigest payload = sha1();

    /** The kind of a record about a response. */
    private enum Kind {
        RESPONSE,
        /** Its payload is in an earlier record. */
        IDENTICAL,
        /** The server says so. */
        NOT_MODIFIED
    }

    WarcRecords(RandomGenerator random) {
        // Its own, because it draws four numbers for each page, and the one of a crawl is as dear as it is secure.
        this.random = new SplittableRandom(random.nextLong());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected a JDK with SHA-1, as all are", e);
        }
    }

    /** A random UUID (RFC 9562, 5.4). */
    private UUID id() {
        return new UUID(
                (random.nextLong() & ~VERSION_BITS) | VERSION_4, (random.nextLong() & ~VARIANT_BITS) | VARIANT_1);
    }

    /** Writes the record that a file begins with; returns its ID. */
    UUID info(RecordSink sink, String fileName, Instant time, Map<String, String> fields) throws IOException {
        StringBuilder text = new StringBuilder();
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append("format: WARC File Format 1.1\r\nconformsTo: ")
                .append(SPECIFICATION)
                .append("\r\n");
        UUID id = id();
        head.begin("warcinfo", id)
                .with("WARC-Date", Rfc3339.text(time))
                .with("WARC-Filename", fileName)
                .with("Content-Type", "application/warc-fields");
        write(sink, text.toString().getBytes(UTF_8), NONE);
        return id;
    }

    /**
     * Writes the records of a response and of its request.
     *
     * @param info the ID of the record that the file begins with
     * @return where the payload is; null if the whole of it is in no record
     */
    @Nullable
    Archived exchange(RecordSink sink, UUID info, Exchange exchange) throws IOException {
        String date = Rfc3339.text(exchange.time());
        UUID id = id();
        Archived archived = response(sink, id, info, date, exchange);
        if (exchange.request().length > 0) {
            beginCapture("request", id(), info, date, exchange);
            head.with("WARC-Concurrent-To", id).with("Content-Type", "application/http; msgtype=request");
            write(sink, exchange.request(), NONE);
        }
        return archived;
    }

    private @Nullable Archived response(RecordSink sink, UUID id, UUID info, String date, Exchange exchange)
            throws IOException {
        String digest = payloadDigest(exchange);
        PageLine earlier = exchange.earlier();
        Kind kind = earlier == null ? Kind.RESPONSE : kind(exchange, earlier, digest);
        beginCapture(kind == Kind.RESPONSE ? "response" : "revisit", id, info, date, exchange);
        Archived archived = digest == null ? null : new Archived(digest, exchange.url(), date);
        if (kind != Kind.RESPONSE && earlier != null) {
            archived = revisit(kind, earlier, digest);
        } else if (exchange.truncated() != null) {
            head.with("WARC-Truncated", exchange.truncated().word());
        }
        if (archived != null) {
            head.with("WARC-Payload-Digest", archived.payload());
        }
        head.with("Content-Type", "application/http; msgtype=response");
        write(sink, exchange.head(), kind == Kind.IDENTICAL ? NONE : exchange.body());
        return archived;
    }

    /** The digest of the payload; null if that is not whole. */
    private @Nullable String payloadDigest(Exchange exchange) {
        boolean whole = exchange.truncated() == null && Payload.addTo(payload, exchange.head(), exchange.body());
        byte[] digest = payload.digest();
        return whole ? RecordHead.sha1(digest) : null;
    }

    private static Kind kind(Exchange exchange, PageLine earlier, @Nullable String digest) {
        if (earlier.finalUrl() == null || !Exchange.isPrintable(earlier.originUrl())) {
            return Kind.RESPONSE;
        }
        if (exchange.isNotModified()) {
            return Kind.NOT_MODIFIED;
        }
        return digest != null && digest.equals(earlier.payload()) ? Kind.IDENTICAL : Kind.RESPONSE;
    }

    private void beginCapture(String type, UUID id, UUID info, String date, Exchange exchange) {
        head.begin(type, id)
                .with("WARC-Warcinfo-ID", info)
                .with("WARC-Date", date)
                .with("WARC-Target-URI", exchange.url());
        if (exchange.address() != null) {
            head.with("WARC-IP-Address", AddressText.of(exchange.address()));
        }
    }

    /** Refers to the record that has the payload (ISO 28500, 6.7), which is never a revisit itself. */
    private @Nullable Archived revisit(Kind kind, PageLine earlier, @Nullable String digest) {
        boolean identical = kind == Kind.IDENTICAL;
        String date = Rfc3339.text(earlier.originDate());
        head.with("WARC-Profile", PROFILES + (identical ? "identical-payload-digest" : "server-not-modified"))
                .with("WARC-Refers-To-Target-URI", earlier.originUrl())
                .with("WARC-Refers-To-Date", date);
        if (identical) {
            head.with("WARC-Truncated", Truncation.LENGTH.word());
        }
        String known = identical ? digest : earlier.payload();
        return known == null ? null : new Archived(known, earlier.originUrl(), date);
    }

    /** Ends the head, and writes the record. */
    private void write(RecordSink sink, byte[] first, byte[] second) throws IOException {
        head.end((long) first.length + second.length);
        sink.write(head.bytes(), 0, head.size());
        sink.write(first, 0, first.length);
        sink.write(second, 0, second.length);
        sink.write(END, 0, END.length);
        sink.end();
    }
}
