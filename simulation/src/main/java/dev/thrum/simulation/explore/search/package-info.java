/** The ways to go through the schedules of a program. Internal: programs don't call it. */
@NullMarked
package dev.thrum.simulation.explore.search;

import org.jspecify.annotations.NullMarked;
