/** The command that counts lines, words and characters of files. */
@NullMarked
package dev.thrum.app.count;

import org.jspecify.annotations.NullMarked;
