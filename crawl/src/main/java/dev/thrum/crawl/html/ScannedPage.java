package dev.thrum.crawl.html;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan finds in a page. Targets are as written, with character references decoded; nothing is resolved.
 *
 * @param title the document's title, with white space collapsed; null if it has none
 * @param base the target of the first {@code base} with one; null if there is none
 * @param canonical the target of the first {@code <link>} of this type; null if there is none
 * @param directives of {@code meta} elements, general and for the scanner's agent
 * @param links in the order in which they begin
 * @param headings the text of headings; empty if the scanner does not collect text
 * @param text the other text, without what repeats on each page of a site; empty if the scanner does not collect text
 */
public record ScannedPage(
        @Nullable String title,
        @Nullable String base,
        @Nullable String canonical,
        Directives directives,
        List<Link> links,
        String headings,
        String text) {
    public ScannedPage {
        links = List.copyOf(links);
    }
}
