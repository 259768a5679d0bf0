package dev.thrum.engine;

import java.io.IOException;

/** Thrown when the peer sends more bytes without a line feed than the maximum line length. */
public final class LineTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int maxBytes;

    public LineTooLongException(int maxBytes) {
        super("expected a line of at most " + maxBytes + " bytes but received a longer one");
        this.maxBytes = maxBytes;
    }

    /** The limit that was exceeded, in bytes without the terminator. */
    public int maxBytes() {
        return maxBytes;
    }
}
