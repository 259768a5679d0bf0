/** Line protocols for every engine. */
@NullMarked
package dev.thrum.line;

import org.jspecify.annotations.NullMarked;
