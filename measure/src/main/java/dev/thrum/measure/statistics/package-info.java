/** Confidence intervals, bounds, and whether a figure meets them. */
@NullMarked
package dev.thrum.measure.statistics;

import org.jspecify.annotations.NullMarked;
