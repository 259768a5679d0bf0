/** The load generator: clients, their dialogues, and windows of measurement. */
@NullMarked
package dev.thrum.bench.load;

import org.jspecify.annotations.NullMarked;
