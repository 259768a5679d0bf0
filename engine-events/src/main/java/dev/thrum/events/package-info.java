/** The engine {@code events}: blocking handlers on event loops. */
@NullMarked
package dev.thrum.events;

import org.jspecify.annotations.NullMarked;
