package dev.thrum.crawl.archive;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code links.jsonl}, which also names the page that has the link.
 *
 * @param to the resolved URL
 * @param rel the relation, as the page says it; null if it says none
 * @param text of the link; null if it has none
 */
public record LinkRecord(
        String to, @Nullable String rel, @Nullable String text) {}
