/**
 * Tests for JUnit that run under every schedule, {@link dev.thrum.simulation.junit.ExploreTest}, or in a simulated network under
 * many seeds, {@link dev.thrum.simulation.junit.SimulationTest}.
 */
@NullMarked
package dev.thrum.simulation.junit;

import org.jspecify.annotations.NullMarked;
