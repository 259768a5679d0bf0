package dev.thrum.http.client;

import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is none, or not a whole one, or too much: what the server sent can't be used, nor its connection.
 *
 * <p>A deadline is a {@link dev.thrum.engine.DeadlineException} instead, and a connection that is reset within an answer
 * the {@link IOException} of the network.
 */
public final class ResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong with it. */
    public enum Kind {
        /** Not a byte of it came before the connection ended. */
        NOTHING,
        /** It began, and ended before its end. */
        CUT,
        /** It breaks the rules of RFC 9112, so that nobody can say what it means. */
        MALFORMED,
        /** It has more bytes, fields or interim answers than the client accepts. */
        TOO_LARGE
    }

    ResponseException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static ResponseException malformed(String message) {
        return new ResponseException(Kind.MALFORMED, message, null);
    }

    /** What the parsers that server and client share found, in the words of a client. */
    static ResponseException of(HttpException found, boolean streamEnded, HttpLimits limits) {
        return switch (found.status()) {
            case 413 -> new ResponseException(Kind.TOO_LARGE, found.message(), null);
            case 431 ->
                new ResponseException(
                        Kind.TOO_LARGE,
                        "Header fields too large: expected at most " + limits.fieldBytes() + " bytes and "
                                + limits.fields() + " fields",
                        null);
            default -> new ResponseException(streamEnded ? Kind.CUT : Kind.MALFORMED, found.message(), null);
        };
    }

    public Kind kind() {
        return kind;
    }
}
