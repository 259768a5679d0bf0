/** The URLs that a crawl has found: which are known, which wait, which are done; durable. */
@NullMarked
package dev.thrum.crawl.frontier;

import org.jspecify.annotations.NullMarked;
