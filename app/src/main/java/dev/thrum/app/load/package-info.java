/** {@code thrum load}: the load generator as a command. */
@NullMarked
package dev.thrum.app.load;

import org.jspecify.annotations.NullMarked;
