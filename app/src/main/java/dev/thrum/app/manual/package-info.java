/** Man pages and completions, which the build writes from the commands. Nothing of it is loaded by another command. */
@NullMarked
package dev.thrum.app.manual;

import org.jspecify.annotations.NullMarked;
