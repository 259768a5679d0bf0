/**
 * The explorer: runs a small concurrent program under every schedule that can differ, each once, and reports what
 * goes wrong with the shortest schedule that shows it.
 */
@NullMarked
package dev.thrum.simulation.explore;

import org.jspecify.annotations.NullMarked;
