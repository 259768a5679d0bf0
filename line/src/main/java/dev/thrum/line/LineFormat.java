package dev.thrum.line;

/**
 * What a line looks like on the wire.
 *
 * @param terminator what ends the lines we send; {@code \n} and {@code \r\n} are both taken from the client
 * @param maxBytes how long a line of the client may be, in bytes without its terminator
 */
public record LineFormat(String terminator, int maxBytes) {
    /** The default limit of a line. */
    public static final int MAX_BYTES = 16_384;

    public LineFormat {
        if (!terminator.equals("\n") && !terminator.equals("\r\n")) {
            throw new IllegalArgumentException("expected \\n or \\r\\n as terminator but it was "
                    + terminator.chars().boxed().toList() + " (code points)");
        }
        if (maxBytes < 1) {
            throw new IllegalArgumentException("expected lines of at least 1 byte but was " + maxBytes);
        }
    }

    /** Answers end with {@code \n}. */
    public static LineFormat lf() {
        return new LineFormat("\n", MAX_BYTES);
    }

    /** Answers end with {@code \r\n}. */
    public static LineFormat crlf() {
        return new LineFormat("\r\n", MAX_BYTES);
    }

    public LineFormat withMaxBytes(int value) {
        return new LineFormat(terminator, value);
    }
}
