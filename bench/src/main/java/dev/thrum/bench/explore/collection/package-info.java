/**
 * Small programs with known answers: kinds of faults, each broken and fixed. What the explorer is measured with, and what its tests know the
 * answers of.
 *
 * <p>Fields without a value yet are part of many of these faults, so nothing is said about null here.
 */
@NullUnmarked
package dev.thrum.bench.explore.collection;

import org.jspecify.annotations.NullUnmarked;
