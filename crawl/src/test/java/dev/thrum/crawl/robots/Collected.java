package dev.thrum.crawl.robots;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** The entries of a sitemap, pages as they are and sitemaps in brackets, and how it ended. */
record Collected(List<String> entries, SitemapReader.End end) {
    static Collected of(byte[] body) {
        return of(new SitemapReader(), body);
    }

    static Collected of(SitemapReader reader, byte[] body) {
        try {
            return of(reader, new ByteArrayInputStream(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Collected of(SitemapReader reader, InputStream body) throws IOException {
        List<String> entries = new ArrayList<>();
        return new Collected(entries, reader.read(body, into(entries)));
    }

    static SitemapReader.Listener into(List<String> entries) {
        return new SitemapReader.Listener() {
            @Override
            public void page(String loc) {
                entries.add(loc);
            }

            @Override
            public void sitemap(String loc) {
                entries.add("[" + loc + "]");
            }
        };
    }

    /** Whether these entries are the first ones of a longer list, or all of it. */
    boolean begins(List<String> all) {
        return entries.size() <= all.size() && entries.equals(all.subList(0, entries.size()));
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
