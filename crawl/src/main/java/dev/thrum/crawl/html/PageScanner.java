package dev.thrum.crawl.html;

import dev.thrum.crawl.text.Ascii;
import dev.thrum.crawl.text.PageEncoding;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A scanner of HTML pages for a crawler: links, title, directives, and text for an index. It reads each byte of a page a fixed
 * number of times, without a tree and without recursion. Safe for concurrent use.
 *
 * <p>Tags, attributes, comments, character references and the text of scripts are those of the standard's tokenizer (<a
 * href="https://html.spec.whatwg.org/multipage/parsing.html#tokenization">HTML, 13.2.5</a>), with scripting disabled: the
 * content of {@code noscript} is markup. The content of a {@code template} is not part of the document, so its links do not
 * count. The targets of {@code a} elements in SVG count, those in {@code xlink:href} do not.
 *
 * <p>Where the standard's tree differs from the order of the page, the order of the page counts. An element that the tree has
 * clones of is one link, whose text goes on to its end tag, the next anchor, or the end of its table cell. Text between the
 * cells of a table stays where it is. What precedes a {@code frameset} in a body that it replaces still counts.
 * Formatting elements are not opened again where the standard does so: then, a tag of another element may close more or less
 * than in its tree.
 */
public final class PageScanner {
    private static final int LARGEST_SPARE = 64 * 1024;

    private final String agent;
    private final boolean withText;

    /** Where the text of the last page was gathered, unless a scan uses it: memory that is in the caches of the processor. */
    private final AtomicReference<byte @Nullable []> spare = new AtomicReference<>();

    /**
     * A scanner for this crawler.
     *
     * @param agent the product token by which {@code meta} elements may address it, in any case
     * @param withText whether it collects headings and text
     */
    public PageScanner(String agent, boolean withText) {
        this.agent = Ascii.lower(agent);
        this.withText = withText;
    }

    /**
     * Scans a page. Never fails, whatever the page contains.
     *
     * @param body as received, without codings; not changed
     */
    public ScannedPage scan(byte[] body, PageEncoding encoding) {
        byte[] room = spare.getAndSet(null);
        Scan scan = new Scan(PageBytes.of(body, encoding), agent, withText, room == null ? new byte[0] : room);
        ScannedPage page = scan.run();
        if (scan.room().length <= LARGEST_SPARE) {
            spare.set(scan.room());
        }
        return page;
    }
}
