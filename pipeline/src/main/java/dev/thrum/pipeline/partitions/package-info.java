/** A log in partitions that several processes share, each partition owned by one of them at a time. */
@NullMarked
package dev.thrum.pipeline.partitions;

import org.jspecify.annotations.NullMarked;
