package dev.thrum.crawl.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.base.Rfc3339;
import dev.thrum.crawl.archive.EarlierLines;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.PageRecord;
import dev.thrum.crawl.archive.RecordedLines;
import dev.thrum.crawl.frontier.Fingerprint;
import dev.thrum.crawl.url.UrlIdentity;
import dev.thrum.http.client.url.Url;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses one version of each page: a page that several folders have, or one folder more than once. A whole response comes before an error, a page
 * with links and text of its own before a duplicate, then a later one before an earlier one; of equals, the first counts.
 *
 * <p>About 32 bytes of memory for each page, and for each version that is not chosen; lines of pages with several versions are read again. Owned by
 * one thread.
 */
final class PageVersions implements AutoCloseable {
    /** The most folders. */
    static final int MOST_SOURCES = 1 << 12;

    private static final int OFFSET_BITS = 48;
    private static final long OFFSET = (1L << OFFSET_BITS) - 1;

    /** The bit that says that the page is in the index already. */
    private static final long INDEXED = 1L << 62;

    /** The value of a URL that is left out; of no page. */
    private static final long LEFT_OUT = 1L << 61;

    /** Of a response that no chosen page needs. */
    private static final long UNNEEDED = 0;

    private static final long NEEDED = 1;

    /** Makes texts of URLs that are the same; its key is of no use here, since fingerprints are of the texts. */
    private final UrlIdentity identity = new UrlIdentity(0, 0, false);

    private final MessageDigest digest = sha256();
    private final List<EarlierLines> lines = new ArrayList<>();

    /** Of each page, the folder and the offset of the chosen version. */
    private final FingerprintTable pages = new FingerprintTable();

    /** The responses of versions that are not chosen, and whether they are needed nevertheless. */
    private final FingerprintTable responses = new FingerprintTable();

    private long repeated;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("expected a JDK with SHA-256, as all are", e);
        }
    }

    /** Reads all pages of the next folder. */
    void add(Source source) throws IOException {
        int number = lines.size();
        lines.add(EarlierLines.open(source.folder()));
        try (RecordedLines own =
                RecordedLines.pages(source.folder(), source.at().pages())) {
            while (own.next()) {
                add(own.page(), number, own.offset());
            }
        }
    }

    private void add(PageLine page, int source, long offset) throws IOException {
        Fingerprint key = key(page.url());
        long place = (long) source << OFFSET_BITS | offset;
        long known = pages.get(key);
        if (known == FingerprintTable.NONE) {
            pages.put(key, place);
            return;
        }
        repeated++;
        PageLine other = at(known);
        if (isBetter(page, other)) {
            pages.put(key, place);
            lost(other, (int) (known >> OFFSET_BITS));
        } else {
            lost(page, source);
        }
    }

    private static boolean isBetter(PageLine one, PageLine other) {
        int difference = Integer.compare(rank(one.page()), rank(other.page()));
        return difference > 0
                || (difference == 0 && one.page().fetched().isAfter(other.page().fetched()));
    }

    private static int rank(PageRecord page) {
        return (isWhole(page) ? 2 : 0) + (page.duplicateOf() == null ? 1 : 0);
    }

    private static boolean isWhole(PageRecord page) {
        return page.answer() != null && page.error() == null;
    }

    /** Whether lines of links can follow from this version: those of a duplicate are written with its original. */
    static boolean canHaveLinks(PageRecord page) {
        return isWhole(page) && page.duplicateOf() == null;
    }

    private void lost(PageLine page, int source) {
        own(page, source).forEach(response -> responses.put(response, UNNEEDED));
    }

    /** The response of a page: of its URL, which a redirect has led to another one, or of that. */
    private List<Fingerprint> own(PageLine page, int source) {
        Instant time = page.page().fetched();
        String end = page.finalUrl();
        Fingerprint first = response(source, page.url(), time);
        return end == null || end.equals(page.url()) ? List.of(first) : List.of(first, response(source, end, time));
    }

    private PageLine at(long place) throws IOException {
        return lines.get((int) (place >> OFFSET_BITS)).pageAt(place & OFFSET);
    }

    private Fingerprint key(String url) {
        boolean isHttp = url.startsWith("http:") || url.startsWith("https:");
        return fingerprint(isHttp ? canonical(url) : url);
    }

    private String canonical(String url) {
        try {
            return identity.canonical(Url.parse(url));
        } catch (IllegalArgumentException e) {
            // It was left out because it is none.
            return url;
        }
    }

    private Fingerprint response(int source, String url, Instant time) {
        return response(source, url, Rfc3339.text(time));
    }

    private Fingerprint response(int source, String url, String time) {
        return fingerprint(source + " " + time + " " + url);
    }

    private Fingerprint fingerprint(String text) {
        ByteBuffer bits = ByteBuffer.wrap(digest.digest(text.getBytes(UTF_8)));
        return new Fingerprint(bits.getLong(), bits.getLong());
    }

    /** Whether the line at this offset is the chosen version of the page. */
    boolean isChosen(String url, int source, long offset) {
        return (pages.get(key(url)) & ~INDEXED) == ((long) source << OFFSET_BITS | offset);
    }

    /** Keeps what is known of a chosen page: the responses that it needs are kept. */
    void needs(PageLine page, int source) {
        own(page, source).forEach(this::need);
        if (page.payload() != null) {
            need(response(source, page.originUrl(), page.originDate()));
        }
    }

    private void need(Fingerprint response) {
        if (responses.get(response) != FingerprintTable.NONE) {
            responses.put(response, NEEDED);
        }
    }

    /** Whether no chosen page needs the response that was received from this URL at this time. */
    boolean isUnneeded(int source, String url, String time) {
        return responses.get(response(source, url, time)) == UNNEEDED;
    }

    /** Whether the page that another one is a duplicate of has the same body still. */
    boolean hasSameBody(PageLine page, String original) throws IOException {
        long place = pages.get(key(original));
        return place != FingerprintTable.NONE && digest(at(place & ~INDEXED)).equals(digest(page));
    }

    private static Optional<String> digest(PageLine page) {
        PageRecord.@Nullable Answer answer = page.page().answer();
        return Optional.ofNullable(answer).map(PageRecord.Answer::digest);
    }

    /** Takes the text of a page for the index: true once for each page, if this folder has the chosen version. */
    boolean takeText(String url, int source) {
        Fingerprint key = key(url);
        long place = pages.get(key);
        boolean isOurs = place >= 0 && (place & (INDEXED | LEFT_OUT)) == 0 && place >> OFFSET_BITS == source;
        if (isOurs) {
            pages.put(key, place | INDEXED);
        }
        return isOurs;
    }

    /** Takes a URL that was left out: true once for each that is no page. */
    boolean takeLeftOut(String url) {
        Fingerprint key = key(url);
        boolean isNew = pages.get(key) == FingerprintTable.NONE;
        if (isNew) {
            pages.put(key, LEFT_OUT);
        }
        return isNew;
    }

    /** How many versions are not chosen. */
    long repeated() {
        return repeated;
    }

    @Override
    public void close() throws IOException {
        for (EarlierLines each : lines) {
            each.close();
        }
    }
}
