/** The seeded engine: the same handlers over an in-memory network, one scheduler and a virtual clock. */
@NullMarked
package dev.thrum.simulation;

import org.jspecify.annotations.NullMarked;
