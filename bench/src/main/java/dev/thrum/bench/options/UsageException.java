package dev.thrum.bench.options;

/** Wrong arguments; the message says what was expected. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
