/** Bounded queues, worker pools and visible locks; on the JDK alone. */
@NullMarked
package dev.thrum.work;

import org.jspecify.annotations.NullMarked;
