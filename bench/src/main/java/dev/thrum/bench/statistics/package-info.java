/** Confidence intervals, bounds, and whether a figure meets them. */
@NullMarked
package dev.thrum.bench.statistics;

import org.jspecify.annotations.NullMarked;
