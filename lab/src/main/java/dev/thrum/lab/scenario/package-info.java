/** Small programs that have a hazard of concurrency, each with the same program without it. */
@NullMarked
package dev.thrum.lab.scenario;

import org.jspecify.annotations.NullMarked;
