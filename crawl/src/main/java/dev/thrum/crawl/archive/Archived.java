package dev.thrum.crawl.archive;

/**
 * Where the payload of an exchange is in the WARC files.
 *
 * @param payload its digest
 * @param url the target of the record that has it: of this exchange, or of an earlier one
 * @param date of that record
 */
record Archived(String payload, String url, String date) {}
