/** Intervals of confidence, bounds and whether a figure stands within them. */
@NullMarked
package dev.thrum.bench.statistics;

import org.jspecify.annotations.NullMarked;
