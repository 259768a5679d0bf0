package dev.thrum.line;

import java.nio.charset.StandardCharsets;

/**
 * The format of lines on the wire.
 *
 * @param terminator the end of the lines sent, {@code \n} or {@code \r\n}; both are accepted from the client
 * @param maxBytes the maximum length of a client's line, in bytes without its terminator
 */
public record LineFormat(String terminator, int maxBytes) {
    /** The default maximum length of a line, in bytes. */
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

    /** A format whose sent lines end with {@code \n}. */
    public static LineFormat lf() {
        return new LineFormat("\n", MAX_BYTES);
    }

    /** A format whose sent lines end with {@code \r\n}. */
    public static LineFormat crlf() {
        return new LineFormat("\r\n", MAX_BYTES);
    }

    /** A line as it is sent, in UTF-8 and with the terminator. */
    public byte[] encode(String line) {
        return (line + terminator).getBytes(StandardCharsets.UTF_8);
    }

    public LineFormat withMaxBytes(int value) {
        return new LineFormat(terminator, value);
    }
}
