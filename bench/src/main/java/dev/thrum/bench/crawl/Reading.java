package dev.thrum.bench.crawl;

import dev.thrum.crawl.html.Link;
import dev.thrum.crawl.html.PageScanner;
import dev.thrum.crawl.html.ScannedPage;
import dev.thrum.crawl.text.PageEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** The ways to read the links of a page with their texts, its title, and its text. */
public enum Reading {
    /** {@link PageScanner}, all but the text. */
    SCANNER_LINKS(false),

    /** {@link PageScanner}. */
    SCANNER_TEXT(true),

    /** jsoup's tree and {@code select}, all but the text. */
    JSOUP_LINKS(false),

    /** jsoup's tree and {@code select}. */
    JSOUP_TEXT(true);

    private static final PageScanner LINKS = new PageScanner("thrum", false);
    private static final PageScanner TEXT = new PageScanner("thrum", true);

    private final boolean hasText;

    Reading(boolean hasText) {
        this.hasText = hasText;
    }

    /**
     * What was found.
     *
     * @param links the number of links
     * @param anchors the characters in the targets and texts of links
     * @param title the characters in the title
     * @param text the characters in the text; 0 if it was not asked for
     */
    record Found(int links, long anchors, int title, int text) {}

    /** Its name. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it reads the text. */
    boolean hasText() {
        return hasText;
    }

    static Reading named(String word) {
        return Arrays.stream(values())
                .filter(reading -> reading.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a way to read pages but was " + word));
    }

    /** Reads a page in UTF-8. */
    Found read(byte[] page) throws IOException {
        return switch (this) {
            case SCANNER_LINKS, SCANNER_TEXT -> scan(page);
            case JSOUP_LINKS, JSOUP_TEXT -> parse(page);
        };
    }

    private Found scan(byte[] page) {
        ScannedPage scanned = (hasText ? TEXT : LINKS).scan(page, PageEncoding.of(page, "text/html; charset=utf-8"));
        long anchors = 0;
        for (Link link : scanned.links()) {
            anchors += link.href().length() + link.text().length();
        }
        String title = scanned.title();
        return new Found(
                scanned.links().size(),
                anchors,
                title == null ? 0 : title.length(),
                scanned.headings().length() + scanned.text().length());
    }

    private Found parse(byte[] page) throws IOException {
        Document document = Jsoup.parse(new ByteArrayInputStream(page), "UTF-8", "");
        int links = 0;
        long anchors = 0;
        for (Element link : document.select("a[href]")) {
            links++;
            anchors += link.attr("href").length() + link.text().length();
        }
        return new Found(
                links,
                anchors,
                document.title().length(),
                hasText ? document.body().text().length() : 0);
    }
}
