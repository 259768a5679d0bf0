/**
 * What a crawl writes: JSON lines of pages, links and skipped URLs, and WARC files, all append-only and cut back to a
 * checkpoint after a crash.
 */
@NullMarked
package dev.thrum.crawl.archive;

import org.jspecify.annotations.NullMarked;
