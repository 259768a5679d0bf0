/** The measurements in docs/benchmarks.md; not published. */
@NullMarked
package dev.thrum.bench;

import org.jspecify.annotations.NullMarked;
