/** {@code thrum compare}: the same handler on every engine, and the servers that are measured. */
@NullMarked
package dev.thrum.app.compare;

import org.jspecify.annotations.NullMarked;
