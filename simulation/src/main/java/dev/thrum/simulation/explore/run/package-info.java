/** Runs one schedule after the other: the threads, what each waits for, the virtual clock. Internal: programs don't call it. */
@NullMarked
package dev.thrum.simulation.explore.run;

import org.jspecify.annotations.NullMarked;
