/** The commands of {@code thrum}; the only module that depends on all the others. */
@NullMarked
package dev.thrum.app;

import org.jspecify.annotations.NullMarked;
