/** Bounded queues, worker pools, background jobs and named locks. */
@NullMarked
package dev.thrum.work;

import org.jspecify.annotations.NullMarked;
