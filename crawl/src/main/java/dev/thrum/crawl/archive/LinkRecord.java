package dev.thrum.crawl.archive;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code links.jsonl}, which also names the page that has the link.
 *
 * @param to the resolved URL
 * @param rel the relation, as the page says it; null if it says none
 * @param text of the link; null if it has none
 * @param isElement whether it is a {@code link} element, such as one of a style sheet, and none that people can follow
 */
public record LinkRecord(
        String to, @Nullable String rel, @Nullable String text, boolean isElement) {
    /** The value of the member for {@link #isElement}, which is missing otherwise. */
    static final String ELEMENT = "link";
}
