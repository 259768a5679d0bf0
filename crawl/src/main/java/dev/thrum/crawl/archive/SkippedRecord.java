package dev.thrum.crawl.archive;

import org.jspecify.annotations.Nullable;

/**
 * A line of {@code skipped.jsonl}: a URL that is known and was not fetched.
 *
 * @param from the page that it was found on; null for a seed
 * @param reason a word that can be counted
 * @param detail what a person wants to know besides; null if nothing
 */
public record SkippedRecord(
        String url,
        @Nullable String from,
        String reason,
        @Nullable String detail) {}
