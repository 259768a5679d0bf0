package dev.thrum.crawl.robots;

import dev.thrum.crawl.robots.XmlScan.Event;
import java.io.IOException;
import java.io.Reader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a sitemap, an index of sitemaps, or a feed (RSS 2.0 and 1.0, Atom). Elements are known by their names,
 * whatever prefix and namespace they have: many sitemaps have a wrong one. Owned by the thread that reads the sitemap.
 */
final class XmlSitemap {
    private static final String PERMA_LINK = "isPermaLink";

    private final XmlScan scan;
    private final SitemapEntries entries;

    /** The link of the item that is being read; empty if it has none yet. */
    private final BoundedText link = new BoundedText();

    /** Its identifier, if that is a link; else empty. */
    private final BoundedText guid = new BoundedText();

    /** Whether the element that started last does not deny to be a link. */
    private boolean isPermaLink;

    XmlSitemap(Reader in, SitemapEntries entries) {
        this.scan = new XmlScan(in, Set.of("href", "rel", PERMA_LINK));
        this.entries = entries;
    }

    /**
     * Reads to the end of the root element, or until there are too many entries.
     *
     * @throws MalformedSitemapException if this is no sitemap, or stops being one
     */
    void read() throws IOException {
        scan.next();
        switch (scan.local()) {
            case "urlset", "sitemapindex" -> readLocations();
            case "rss", "RDF" -> readItems();
            case "feed" -> readFeed();
            default ->
                throw new MalformedSitemapException("expected a sitemap or a feed but was a document with the root "
                        + XmlInput.shown(scan.local()));
        }
    }

    /** Whether there is a further event, and entries may be added. */
    private @Nullable Event next() throws IOException {
        if (entries.isCut()) {
            return null;
        }
        Event event = scan.next();
        return event == Event.END_OF_ROOT ? null : event;
    }

    /** Locations are in {@code url} or {@code sitemap}; those deeper inside are of images and videos. */
    private void readLocations() throws IOException {
        for (Event event = next(); event != null; event = next()) {
            if (event == Event.END && scan.depth() == 2 && scan.local().equals("loc")) {
                switch (scan.openAt(1)) {
                    case "url" -> entries.addPage(scan.text());
                    case "sitemap" -> entries.addSitemap(scan.text());
                    default -> entries.drop();
                }
            }
        }
    }

    private void readItems() throws IOException {
        for (Event event = next(); event != null; event = next()) {
            if (event == Event.START) {
                startWithinItems();
            } else if (scan.local().equals("item")) {
                entries.addPage(link.isEmpty() ? guid : link);
            } else if (isIn("item", scan.depth())) {
                endWithinItem();
            }
        }
    }

    private void startWithinItems() {
        if (scan.local().equals("item")) {
            link.clear();
            guid.clear();
        }
        BoundedText declared = scan.attribute(PERMA_LINK);
        isPermaLink = declared == null || declared.text().equals("true");
    }

    private void endWithinItem() {
        boolean isLink = scan.local().equals("link") && link.isEmpty();
        if (isLink) {
            link.set(scan.text());
        } else if (isPermaLink && scan.local().equals("guid") && scan.text().isHttp()) {
            guid.set(scan.text());
        }
    }

    private void readFeed() throws IOException {
        for (Event event = next(); event != null; event = next()) {
            if (event == Event.START && scan.local().equals("link") && isIn("entry", scan.depth() - 1)) {
                BoundedText rel = scan.attribute("rel");
                BoundedText href = scan.attribute("href");
                if (href != null && (rel == null || rel.text().equals("alternate"))) {
                    entries.addPage(href);
                }
            }
        }
    }

    /** Whether the innermost of this many open elements has this name. */
    private boolean isIn(String parent, int depth) {
        return depth > 0 && scan.openAt(depth - 1).equals(parent);
    }
}
