/** Pictures of a schedule: a page, columns for a terminal, a trace for Perfetto. */
@NullMarked
package dev.thrum.lab.picture;

import org.jspecify.annotations.NullMarked;
