package dev.thrum.crawl.merge;

import dev.thrum.crawl.archive.CrawlOutputs;
import dev.thrum.crawl.archive.PageLine;
import dev.thrum.crawl.archive.RecordedLines;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the lines of the chosen pages, in the order of the folders and of their lines. Owned by one thread. */
final class LineMerge implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final PageVersions versions;
    private final OutputStream pages;
    private final OutputStream links;
    private final OutputStream skipped;
    private long pageCount;
    private long linkCount;
    private long skippedCount;

    /** Begins the files, which are not there yet. */
    LineMerge(Path folder, PageVersions versions) throws IOException {
        this.versions = versions;
        this.pages = create(folder.resolve(CrawlOutputs.PAGES));
        this.links = create(folder.resolve(CrawlOutputs.LINKS));
        this.skipped = create(folder.resolve(CrawlOutputs.SKIPPED));
    }

    private static OutputStream create(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), BUFFER);
    }

    /** Adds the pages of a folder, and their links. */
    void addPages(Source source) throws IOException {
        try (RecordedLines from =
                        RecordedLines.pages(source.folder(), source.at().pages());
                Links own = new Links(
                        RecordedLines.links(source.folder(), source.at().links()))) {
            boolean more = from.next();
            PageLine page = more ? from.page() : null;
            while (page != null) {
                // A page can be there several times in a row, each time with its links; then nothing tells those of
                // one version from those of the other.
                String url = page.url();
                boolean isChosen = false;
                int withLinks = 0;
                for (; page != null && page.url().equals(url); page = from.next() ? from.page() : null) {
                    if (versions.isChosen(url, source.number(), from.offset())) {
                        isChosen = true;
                        write(page, from, source);
                    }
                    if (PageVersions.canHaveLinks(page.page())) {
                        withLinks++;
                    }
                }
                linkCount += own.pass(url, isChosen ? links : null, withLinks);
            }
            own.requireEnd(source.folder());
        }
    }

    private void write(PageLine page, RecordedLines line, Source source) throws IOException {
        pageCount++;
        versions.needs(page, source.number());
        String original = page.page().duplicateOf();
        if (original == null || versions.hasSameBody(page, original)) {
            line.writeTo(pages);
        } else {
            page.writeWithoutOriginal(pages);
        }
    }

    /** Adds the URLs that a folder has left out, and that are no page of any folder; after all pages. */
    void addSkipped(Source source) throws IOException {
        try (RecordedLines from =
                RecordedLines.skipped(source.folder(), source.at().skipped())) {
            while (from.next()) {
                if (versions.takeLeftOut(from.text("url"))) {
                    from.writeTo(skipped);
                    skippedCount++;
                }
            }
        }
    }

    long pages() {
        return pageCount;
    }

    long links() {
        return linkCount;
    }

    long skipped() {
        return skippedCount;
    }

    @Override
    public void close() throws IOException {
        try (pages;
                links) {
            skipped.close();
        }
    }

    /** The links of a folder, which follow each other as their pages do. Owned by one thread. */
    private static final class Links implements AutoCloseable {
        private final RecordedLines lines;

        /** The page of the next line; null after the last. */
        private @Nullable String from;

        Links(RecordedLines lines) throws IOException {
            this.lines = lines;
            next();
        }

        private void next() throws IOException {
            from = lines.next() ? lines.text("from") : null;
        }

        /**
         * Passes the links of a page; returns how many were written. A page may link to another one several times in
         * the same words, so a line that is there several times is written as often as one version has it.
         *
         * @param to where they are written; null if they are not
         * @param versions the number of versions of the page whose links follow each other here
         */
        long pass(String url, @Nullable OutputStream to, int versions) throws IOException {
            Map<ByteBuffer, Integer> passed = new HashMap<>();
            long count = 0;
            for (; url.equals(from); next()) {
                if (to != null && (versions <= 1 || (passed.merge(bytes(), 1, Integer::sum) - 1) % versions == 0)) {
                    lines.writeTo(to);
                    count++;
                }
            }
            return count;
        }

        private ByteBuffer bytes() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            lines.writeTo(line);
            return ByteBuffer.wrap(line.toByteArray());
        }

        void requireEnd(Path folder) throws IOException {
            if (from != null) {
                throw new IOException("expected the links in " + folder + " in the order of its pages but those of "
                        + from + " follow no line of it: the files were changed; bring them back");
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
