package dev.thrum.crawl.robots;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.http.client.Gunzip;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads sitemaps of any kind (<a href="https://www.sitemaps.org/protocol.html">the sitemap protocol</a>) as they
 * arrive, in bounded memory. Immutable; each call of {@link #read} is independent of others.
 *
 * <p>The kind is told from the content, whatever name and type say: a sitemap or an index in XML, RSS, Atom, or text;
 * as it is or packed with gzip, once or twice. Nothing outside of the body is ever read, and no entity is expanded.
 */
public final class SitemapReader {
    /** The most entries of one sitemap, by the protocol. */
    public static final int MOST_ENTRIES = 50_000;

    /** The most bytes of one sitemap when unpacked, by the protocol. */
    public static final long MOST_BYTES = 50L * 1024 * 1024;

    private static final int MOST_PACKINGS = 2;
    private static final int BEGINNING = 1024;

    /** What is told of each entry. */
    public interface Listener {
        /**
         * A page is named.
         *
         * @param loc as written, without white space around it: not empty, at most 2,048 characters, and maybe relative
         *     or malformed
         */
        void page(String loc);

        /**
         * A further sitemap is named.
         *
         * @param loc as of a page
         */
        void sitemap(String loc);
    }

    /** How a sitemap ended. */
    public enum Outcome {
        /** All of it was read. */
        COMPLETE,
        /** It is larger than a limit: the rest was left out. */
        CUT,
        /** It is none, or stops being one: what precedes that counts. */
        FAULTY
    }

    /**
     * What was read.
     *
     * @param entries how many were passed on
     * @param dropped how many were not: empty or too long ones, and lines of a text that are no URLs
     * @param reason one line that says why not all was read; empty if it was. Safe to show on a terminal
     */
    public record End(Outcome outcome, int entries, int dropped, String reason) {}

    private final int mostEntries;
    private final long mostBytes;

    /** A reader with the limits of the protocol. */
    public SitemapReader() {
        this(MOST_ENTRIES, MOST_BYTES);
    }

    /**
     * A reader with other limits.
     *
     * @param mostEntries of one sitemap; at least 0
     * @param mostBytes of one sitemap as it arrives, and when unpacked; at least 0
     */
    public SitemapReader(int mostEntries, long mostBytes) {
        if (mostEntries < 0 || mostBytes < 0) {
            throw new IllegalArgumentException(
                    "expected limits of at least 0 but was " + mostEntries + " entries, " + mostBytes + " bytes");
        }
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads a sitemap.
     *
     * @param body without the codings of HTTP; stays open
     * @param listener called for each entry, in order, on this thread
     * @throws IOException if the body fails; the entries before that have been passed on
     */
    public End read(InputStream body, Listener listener) throws IOException {
        try (SitemapSource source = SitemapSource.of(body, mostBytes)) {
            return readLayer(source, 0, new SitemapEntries(mostEntries, listener));
        }
    }

    private End readLayer(SitemapSource source, int packings, SitemapEntries entries) throws IOException {
        if (isPacked(source)) {
            return packings == MOST_PACKINGS
                    ? new End(
                            Outcome.FAULTY,
                            0,
                            0,
                            "expected a sitemap but was one packed more than " + packings + " times")
                    : readPacked(source, packings, entries);
        }
        String fault = null;
        try {
            readContent(source, entries);
        } catch (MalformedSitemapException e) {
            fault = e.getMessage();
        }
        return end(source, entries, fault);
    }

    private static boolean isPacked(SitemapSource source) {
        byte[] magic = source.peek(2);
        return magic.length == 2 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b;
    }

    private End readPacked(SitemapSource source, int packings, SitemapEntries entries) throws IOException {
        try (SitemapSource unpacked = SitemapSource.unpacked(new Gunzip(source, true), source, mostBytes)) {
            return readLayer(unpacked, packings + 1, entries);
        }
    }

    private static void readContent(SitemapSource source, SitemapEntries entries) throws IOException {
        byte[] beginning = source.peek(BEGINNING);
        Charset charset = SitemapEncoding.of(beginning);
        String text = Ascii.strip(new String(beginning, charset).replace("\ufeff", ""));
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            throw new MalformedSitemapException("expected a sitemap but was a page of HTML");
        }
        // It has nothing to close but the source, which its owner closes.
        Reader reader = new InputStreamReader(source, charset);
        if (text.startsWith("<")) {
            new XmlSitemap(reader, entries).read();
        } else {
            new TextSitemap(reader, entries).read(source);
        }
    }

    /**
     * How it ended.
     *
     * @param fault what is wrong with the content; null if nothing is. If the body was cut, that is why
     */
    private End end(SitemapSource source, SitemapEntries entries, @Nullable String fault) throws IOException {
        source.requireArrived();
        if (entries.isCut()) {
            return end(Outcome.CUT, entries, "expected at most " + mostEntries + " entries but there are more");
        }
        if (fault == null) {
            return end(Outcome.COMPLETE, entries, "");
        }
        if (source.isCut()) {
            return end(Outcome.CUT, entries, "expected at most " + mostBytes + " bytes but there are more");
        }
        return end(Outcome.FAULTY, entries, source.packingFault().orElse(fault));
    }

    private static End end(Outcome outcome, SitemapEntries entries, String reason) {
        return new End(outcome, entries.passed(), entries.dropped(), reason);
    }
}
