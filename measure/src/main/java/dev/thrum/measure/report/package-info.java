/** Reports on comparisons, for people and programs. */
@NullMarked
package dev.thrum.measure.report;

import org.jspecify.annotations.NullMarked;
