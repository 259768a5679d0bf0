package dev.thrum.app.cli;

/** The failure of a command; the message is all that its user sees, and names the remedy. */
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
