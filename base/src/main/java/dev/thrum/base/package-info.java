/** The clock, deadlines, threads, offloading, and text that is safe to print; used by every other module. */
@NullMarked
package dev.thrum.base;

import org.jspecify.annotations.NullMarked;
