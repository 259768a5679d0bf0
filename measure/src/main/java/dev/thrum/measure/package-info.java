/** Measuring servers: connections to them, the CPU clocks and counters of Linux, windows of time, and places of processes. */
@NullMarked
package dev.thrum.measure;

import org.jspecify.annotations.NullMarked;
