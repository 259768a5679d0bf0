/** The load generator: clients, what they say, and windows of measurement. */
@NullMarked
package dev.thrum.bench.load;

import org.jspecify.annotations.NullMarked;
