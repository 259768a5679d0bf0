package dev.thrum.crawl.search;

/**
 * A page that a query has found.
 *
 * @param url as it was indexed
 * @param title as the page has it; may be empty
 * @param snippet the part of its text that shows best what was found
 * @param score how well it matches; only comparable within one query
 */
public record Hit(String url, String title, Snippet snippet, float score) {}
