/** The engine {@code events}: blocking handlers on event loops. */
@NullMarked
package dev.thrum.netty;

import org.jspecify.annotations.NullMarked;
