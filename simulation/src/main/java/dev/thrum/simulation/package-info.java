/**
 * The engine {@code simulation}: handlers run unchanged over an in-memory network, one seeded scheduler and a virtual
 * clock.
 */
@NullMarked
package dev.thrum.simulation;

import org.jspecify.annotations.NullMarked;
