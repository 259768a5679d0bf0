package dev.thrum.crawl.robots;

import java.io.IOException;
import java.io.Reader;

/** The entries of a sitemap of plain text: one URL a line. Owned by the thread that reads the sitemap. */
final class TextSitemap {
    /** This many lines without a URL, at the beginning, mean that it is another kind of text. */
    private static final int MOST_WITHOUT = 100;

    private static final int BUFFER = 4096;

    private final Reader in;
    private final SitemapEntries entries;
    private final BoundedText line = new BoundedText();

    TextSitemap(Reader in, SitemapEntries entries) {
        this.in = in;
        this.entries = entries;
    }

    /**
     * Reads to the end, or until there are too many entries.
     *
     * @param source what is read; where it does not end by itself, its last line is incomplete and does not count
     * @throws MalformedSitemapException if this is no sitemap, or stops being one
     */
    void read(SitemapSource source) throws IOException {
        char[] buffer = new char[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            for (int i = 0; i < count && !entries.isCut(); i++) {
                append(buffer[i]);
            }
            if (entries.isCut()) {
                return;
            }
        }
        if (!source.isWhole()) {
            throw new MalformedSitemapException("expected a further line but was the end of what can be read");
        }
        endLine();
        if (entries.passed() == 0 && !entries.isCut()) {
            throw new MalformedSitemapException("expected a sitemap but was a text without a URL");
        }
    }

    private void append(char c) throws MalformedSitemapException {
        if (c == '\n' || c == '\r') {
            endLine();
        } else if (c != '\ufeff') {
            line.append(c);
        }
    }

    private void endLine() throws MalformedSitemapException {
        if (line.isHttp()) {
            entries.addPage(line);
        } else if (!line.isEmpty()) {
            entries.drop();
        }
        if (entries.passed() == 0 && entries.dropped() >= MOST_WITHOUT) {
            throw new MalformedSitemapException("expected a URL but was a line with " + XmlInput.shown(line.text()));
        }
        line.clear();
    }
}
