/** A crawl that several processes share: its URLs are in partitions of a log, and each host belongs to one process at a time. */
@NullMarked
package dev.thrum.crawl.shared;

import org.jspecify.annotations.NullMarked;
