package dev.thrum.app.talk;

import dev.thrum.app.cli.CommandException;
import dev.thrum.engine.Connection;

/** Opens a connection to the server that the user has named, encrypted if the user wants that. */
@FunctionalInterface
interface Opening {
    /**
     * Opens a new one.
     *
     * @throws CommandException if it can't be opened; the message says why, and what to do
     */
    Connection open() throws CommandException;
}
