/** Man pages and completions, which the build generates from the commands. No other command loads this package. */
@NullMarked
package dev.thrum.app.manual;

import org.jspecify.annotations.NullMarked;
