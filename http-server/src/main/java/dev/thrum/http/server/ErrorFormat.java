package dev.thrum.http.server;

import dev.thrum.http.Acceptance;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;

/**
 * The format of error responses: for exceptions of handlers, and for errors of the protocol.
 *
 * <p>Called by the threads of handlers, several at once, and by the thread that accepts clients, for clients that are
 * refused: it must not block. If it throws while a request is handled, the error is sent as plain text.
 */
@FunctionalInterface
public interface ErrorFormat {
    /** A line of plain text: the message of the error. */
    ErrorFormat TEXT =
            (error, asked) -> Response.of(error.status(), "text/plain; charset=utf-8", error.message() + "\n");

    /**
     * Makes a response. Its status must be that of the error; the server adds the error's header fields.
     *
     * @param error has the status and the message for the client
     * @param asked the header fields of the request, as far as they could be read; none if the client was refused
     * @return a response whose body is in memory; for a refused client, any other is replaced by closing the connection
     */
    Response response(HttpException error, Headers asked);

    /**
     * This format, with an HTML page for browsers: clients that prefer {@code text/html} to the format's own type. Adds
     * {@code Vary: Accept}.
     */
    default ErrorFormat withPages() {
        return (error, asked) -> {
            Response usual = response(error, asked);
            boolean browser =
                    Acceptance.of(asked).names("text/html", usual.headers().mediaType());
            Response chosen = browser ? ErrorPage.response(error) : usual;
            return chosen.headers().hasElement("Vary", "Accept") ? chosen : chosen.and("Vary", "Accept");
        };
    }
}
