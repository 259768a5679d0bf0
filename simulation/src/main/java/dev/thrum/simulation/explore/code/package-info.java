/** Loads the code of a program with a call before each access to something shared. Internal: programs don't call it. */
@NullMarked
package dev.thrum.simulation.explore.code;

import org.jspecify.annotations.NullMarked;
