/** The full-text index of the pages that a crawl has fetched: its writer, and searches in it. */
@NullMarked
package dev.thrum.crawl.search;

import org.jspecify.annotations.NullMarked;
