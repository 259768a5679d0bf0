package dev.thrum.engine;

import java.io.IOException;

/** The peer sent more bytes without a line feed than a line may have. */
public final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int maxBytes;

    public LineTooLongException(int maxBytes) {
        super("expected a line of at most " + maxBytes + " bytes but a longer one came");
        this.maxBytes = maxBytes;
    }

    /** The limit that was passed, in bytes without the terminator. */
    public int maxBytes() {
        return maxBytes;
    }
}
