package dev.thrum.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An error that is reported to the client. A handler or filter throws it; the server makes a response of it, in its
 * {@code ErrorFormat}.
 *
 * <p>It has no stack trace, because it describes the request, not a fault of the program. Any other exception of a
 * handler becomes 500, and its details reach only the log.
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
     * @param status from 400 to 599
     * @param message sent to the client; the text format sends it as a line
     * @throws IllegalArgumentException if the status is out of range
     */
    public static HttpException of(int status, String message) {
        return new HttpException(status, message, null, Headers.none());
    }

    /** This error with the name of the part of the request that is to blame: a field or parameter. */
    public HttpException blaming(String name) {
        return new HttpException(status, message(), name, headers);
    }

    /**
     * This error with a header field for its response, in place of others of its name.
     *
     * @throws IllegalArgumentException as {@link Headers#of}, or if the server sets the field
     */
    public HttpException with(String name, String value) {
        return new HttpException(status, message(), field, headers.with(name, value));
    }

    /** The status of the response, from 400 to 599. */
    public int status() {
        return status;
    }

    /** The message that is sent to the client. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** The name of the part of the request that is to blame. */
    public Optional<String> field() {
        return Optional.ofNullable(field);
    }

    /** Header fields that the server adds to the response. */
    public Headers headers() {
        return headers;
    }
}
