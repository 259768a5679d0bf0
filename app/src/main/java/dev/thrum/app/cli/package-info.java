/** The command line: flags, variables, the configuration file, help and errors. */
@NullMarked
package dev.thrum.app.cli;

import org.jspecify.annotations.NullMarked;
