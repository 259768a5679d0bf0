/** What the figures in docs/benchmarks.md are measured with; never published. */
@NullMarked
package dev.thrum.bench;

import org.jspecify.annotations.NullMarked;
