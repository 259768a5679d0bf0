package dev.thrum.bench;

/** Arguments that make no sense; the message says what was expected instead. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
