package dev.thrum.crawl.merge;

/**
 * What a merge has written.
 *
 * @param pages lines in {@code pages.jsonl}
 * @param repeated versions of pages that were left out, because another version of the same page was taken
 * @param links lines in {@code links.jsonl}
 * @param skipped lines in {@code skipped.jsonl}
 */
public record MergeResult(long pages, long repeated, long links, long skipped) {}
