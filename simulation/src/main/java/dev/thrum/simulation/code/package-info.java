/** How code is loaded so that it runs inside: calls of the JDK are redirected. Internal: programs don't call it. */
@NullMarked
package dev.thrum.simulation.code;

import org.jspecify.annotations.NullMarked;
