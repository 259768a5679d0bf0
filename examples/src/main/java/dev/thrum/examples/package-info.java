/** Programs to learn from. Each is one file that runs as it is; tests run them on every engine. */
@NullMarked
package dev.thrum.examples;

import org.jspecify.annotations.NullMarked;
