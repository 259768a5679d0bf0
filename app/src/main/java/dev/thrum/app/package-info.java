/** The commands and the services; the only module that knows all the others. */
@NullMarked
package dev.thrum.app;

import org.jspecify.annotations.NullMarked;
