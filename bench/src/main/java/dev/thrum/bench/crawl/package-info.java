/** The parts of a crawl that are measured by themselves, and the hosts that are crawled for it. */
@NullMarked
package dev.thrum.bench.crawl;

import org.jspecify.annotations.NullMarked;
