/** Linux's io_uring, without a library: system calls, queues and memory. Internal: for the loops of {@code dev.thrum.events}. */
@NullMarked
package dev.thrum.events.ring;

import org.jspecify.annotations.NullMarked;
