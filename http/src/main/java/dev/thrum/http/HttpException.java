package dev.thrum.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with an error: a handler throws it, and what it says is told to the client.
 *
 * <p>It has no stack: it reports what the client did. Everything else that a handler throws is answered with 500 and
 * reaches the log alone.
 */
public final class HttpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String field;
    private final transient Headers headers;

    private HttpException(int status, String message, @Nullable String field, Headers headers) {
        super(message, null, false, false);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("expected an error status from 400 to 599 but was " + status);
        }
        this.status = status;
        this.field = field;
        headers.requireUnframed();
        this.headers = headers;
    }

    /**
     * An error.
     *
     * @param message what the client is told
     */
    public static HttpException of(int status, String message) {
        return new HttpException(status, message, null, Headers.none());
    }

    /** The same error with the name of the field of the request that is to blame. */
    public HttpException blaming(String name) {
        return new HttpException(status, message(), name, headers);
    }

    /** The same error with a header field in its answer. */
    public HttpException with(String name, String value) {
        return new HttpException(status, message(), field, headers.with(name, value));
    }

    public int status() {
        return status;
    }

    /** What the client is told. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The field that is to blame. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** What the answer has besides. */
    public Headers headers() {
        return headers;
    }
}
