/** Stages with empty work: a pipeline, and the plain threads and queues that it is compared with. */
@NullMarked
package dev.thrum.bench.stages;

import org.jspecify.annotations.NullMarked;
