/** Stages joined by queues: each has its workers and a bounded input, and the end of all work is exact. */
@NullMarked
package dev.thrum.pipeline;

import org.jspecify.annotations.NullMarked;
