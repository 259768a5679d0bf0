package dev.thrum.crawl.frontier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;

/**
 * The record of a URL that was found. A host that is a part of the URL is stored as its place there. The page on which it was found is stored
 * as what differs from the URL, or, since the links of a page follow each other, as the distance back to the record that has it.
 */
final class UrlRecord {
    private final RecordCursor record;
    private final Fingerprint fingerprint;
    private final long shape;
    private final byte kind;
    private final int depth;
    private final int urlStart;
    private final int urlLength;
    private final int hostStart;
    private final int hostLength;

    private UrlRecord(RecordCursor record) throws IOException {
        this.record = record;
        fingerprint = record.fingerprint();
        shape = record.number();
        kind = (byte) record.octet();
        depth = record.count();
        urlLength = record.count();
        urlStart = record.bytes(urlLength);
        int hostPlace = record.count();
        hostLength = record.count();
        if (hostPlace == 0) {
            hostStart = record.bytes(hostLength);
        } else if (hostPlace - 1L + hostLength <= urlLength) {
            hostStart = urlStart + hostPlace - 1;
        } else {
            throw record.broken("expected a host within the URL");
        }
    }

    /** Reads a record. It is valid until the cursor begins the next one. */
    static UrlRecord parse(RecordCursor record) throws IOException {
        return new UrlRecord(record);
    }

    /**
     * Writes a record.
     *
     * @param depth at most the URL's
     * @param back the distance to a record with the same page; 0 if there is none
     */
    static void write(RecordWriter target, NewUrl url, int depth, int back) {
        byte[] text = url.url().getBytes(UTF_8);
        target.begin(RecordType.ADDED)
                .fingerprint(url.fingerprint())
                .number(url.shape())
                .octet(url.kind())
                .count(depth)
                .count(text.length)
                .bytes(text, 0, text.length);
        boolean ascii = text.length == url.url().length();
        int place = ascii ? url.url().indexOf(url.host()) : -1;
        if (place >= 0) {
            target.count(place + 1).count(url.host().length());
        } else {
            byte[] host = url.host().getBytes(UTF_8);
            target.count(0).count(host.length).bytes(host, 0, host.length);
        }
        target.count(back);
        if (back == 0) {
            writePage(target, text, url.from().getBytes(UTF_8));
        }
        target.finish();
    }

    private static void writePage(RecordWriter target, byte[] text, byte[] page) {
        int difference = Arrays.mismatch(text, page);
        int common = difference < 0 ? page.length : difference;
        int rest = page.length - common;
        target.count(common).count(rest).bytes(page, common, rest);
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    long shape() {
        return shape;
    }

    byte kind() {
        return kind;
    }

    int depth() {
        return depth;
    }

    String url() {
        return new String(record.array(), urlStart, urlLength, UTF_8);
    }

    String host() {
        return new String(record.array(), hostStart, hostLength, UTF_8);
    }

    /** The distance to the record with the page; 0 if {@link #page} is next. To be called once, after which only the texts may be read. */
    int back() throws IOException {
        return record.count();
    }

    /** The page, if it is in this record. To be called once, after {@link #back}. */
    String page() throws IOException {
        int common = record.count();
        int rest = record.count();
        int from = record.bytes(rest);
        if (common > urlLength) {
            throw record.broken("expected a page that begins like the URL");
        }
        byte[] page = Arrays.copyOfRange(record.array(), urlStart, urlStart + common + rest);
        System.arraycopy(record.array(), from, page, common, rest);
        return new String(page, UTF_8);
    }
}
