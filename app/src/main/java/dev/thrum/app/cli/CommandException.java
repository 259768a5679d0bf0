package dev.thrum.app.cli;

/** A command can't do what it was asked to; the message is all its user sees, and names the remedy. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An exception whose message already names the remedy. */
    public CommandException(Exception cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
