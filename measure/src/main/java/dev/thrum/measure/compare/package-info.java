/** What a comparison of engines has measured, and the verdict on it. */
@NullMarked
package dev.thrum.measure.compare;

import org.jspecify.annotations.NullMarked;
