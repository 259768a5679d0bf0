/** {@code thrum talk}: an interactive and a scripted client. */
@NullMarked
package dev.thrum.app.talk;

import org.jspecify.annotations.NullMarked;
