package dev.thrum.crawl.archive;

import dev.thrum.base.JsonLine;
import dev.thrum.crawl.archive.Checkpoint.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of JSON lines. Owned by one thread. */
final class LineFiles implements AutoCloseable {
    private final AppendFile pages;
    private final AppendFile links;
    private final AppendFile skipped;
    private final JsonLine line = new JsonLine();
    private final int empty = line.length();

    private LineFiles(AppendFile pages, AppendFile links, AppendFile skipped) {
        this.pages = pages;
        this.links = links;
        this.skipped = skipped;
    }

    /** The files in a folder, cut back to a checkpoint; if one is missing or too short, none is changed. */
    static LineFiles open(Path folder, FileCalls calls, Checkpoint at) throws IOException {
        Path pagesPath = folder.resolve(CrawlOutputs.PAGES);
        Path linksPath = folder.resolve(CrawlOutputs.LINKS);
        Path skippedPath = folder.resolve(CrawlOutputs.SKIPPED);
        AppendFile.requireLength(pagesPath, at.pages());
        AppendFile.requireLength(linksPath, at.links());
        AppendFile.requireLength(skippedPath, at.skipped());
        AppendFile pages = null;
        AppendFile links = null;
        boolean whole = false;
        try {
            pages = AppendFile.open(pagesPath, calls, at.pages());
            links = AppendFile.open(linksPath, calls, at.links());
            LineFiles files = new LineFiles(pages, links, AppendFile.open(skippedPath, calls, at.skipped()));
            whole = true;
            return files;
        } finally {
            if (!whole) {
                closeAll(pages, links);
            }
        }
    }

    /** Writes the line of a page and those of its links; returns the offset of the line of the page. */
    long page(PageRecord page, List<LinkRecord> found, @Nullable Archived archived) throws IOException {
        long offset = pages.length();
        line.cut(empty);
        page.addTo(line, archived);
        line.writeTo(pages);
        line.cut(empty);
        int from = line.with("from", page.url()).length();
        for (LinkRecord link : found) {
            line.cut(from);
            line.with("to", link.to()).withAny("rel", link.rel()).withAny("text", link.text());
            line.withAny("element", link.isElement() ? LinkRecord.ELEMENT : null);
            line.writeTo(links);
        }
        return offset;
    }

    /** Reads the links of a page at the offset that {@link #linksEnd} had before it; only after {@link #flush}. */
    List<LinkRecord> linksAt(long offset, String from) throws IOException {
        List<LinkRecord> found = new ArrayList<>();
        for (long at = offset; at < links.length(); ) {
            byte[] bytes = links.line(at);
            LinkLine line = LinkLine.parse(bytes, 0, bytes.length);
            if (!from.equals(line.from)) {
                break;
            }
            found.add(line.link());
            at += bytes.length + 1;
        }
        return found;
    }

    /** The offset at which the links of the next page begin, if it has some. */
    long linksEnd() {
        return links.length();
    }

    void skipped(SkippedRecord url) throws IOException {
        line.cut(empty);
        line.with("url", url.url()).withAny("from", url.from());
        line.with("reason", url.reason()).withAny("detail", url.detail());
        line.writeTo(skipped);
    }

    /** Gives all pages and links to the system, so that they can be read. */
    void flush() throws IOException {
        pages.flush();
        links.flush();
    }

    /** Reads the line of a page at an offset that {@link #page} has returned; only after {@link #flush}. */
    PageLine pageAt(long offset) throws IOException {
        byte[] bytes = pages.line(offset);
        try {
            return PageLine.parse(bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new IOException(
                    "expected a page at offset " + offset + " of " + pages.path() + " but was something else: "
                            + e.getMessage(),
                    e);
        }
    }

    void force() throws IOException {
        pages.force();
        links.force();
        skipped.force();
    }

    /** The durable lengths, together with the position of the WARC files. */
    Checkpoint durable(Position warc) {
        return new Checkpoint(pages.durable(), links.durable(), skipped.durable(), warc);
    }

    /** Closes the files; what was not forced is lost. Idempotent. */
    @Override
    public void close() throws IOException {
        closeAll(pages, links, skipped);
    }

    private static void closeAll(@Nullable AppendFile... files) throws IOException {
        IOException failure = null;
        for (AppendFile file : files) {
            try {
                if (file != null) {
                    file.close();
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
