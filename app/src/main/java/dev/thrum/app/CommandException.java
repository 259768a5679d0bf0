package dev.thrum.app;

/** A command can't do what it was asked to; the message is all its user sees, and names the remedy. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
