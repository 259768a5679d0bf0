/** Concurrency made visible: the scenarios, how they run on real threads, and every schedule of them. */
@NullMarked
package dev.thrum.lab;

import org.jspecify.annotations.NullMarked;
