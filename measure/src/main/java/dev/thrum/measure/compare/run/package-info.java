/** Runs a comparison of engines: a fresh server process for each arm in each round, and a generator in another process. */
@NullMarked
package dev.thrum.measure.compare.run;

import org.jspecify.annotations.NullMarked;
