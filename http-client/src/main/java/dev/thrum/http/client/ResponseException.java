package dev.thrum.http.client;

import dev.thrum.http.HttpException;
import dev.thrum.http.HttpLimits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A response that is missing, incomplete, malformed or too large. It can't be used, and its connection was reset.
 *
 * <p>A missed deadline is a {@link dev.thrum.engine.DeadlineException} instead. A connection that is reset within a
 * response is the {@link IOException} of the network.
 */
public final class ResponseException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong with the response. */
    public enum Kind {
        /** The connection ended or failed before any byte of it arrived. */
        NOTHING,
        /** The connection ended within it. */
        CUT,
        /** It violates RFC 9112, so its meaning is in doubt; or its coded data is malformed. */
        MALFORMED,
        /** It has more bytes, fields or interim responses than the client accepts. */
        TOO_LARGE
    }

    ResponseException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static ResponseException malformed(String message) {
        return new ResponseException(Kind.MALFORMED, message, null);
    }

    /** Translates an error of the parsers, which the server uses too. */
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

    /** What is wrong with the response. */
    public Kind kind() {
        return kind;
    }
}
