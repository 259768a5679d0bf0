package dev.thrum.http.server;

import dev.thrum.http.Acceptance;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Response;

/**
 * How errors are shown to clients: those that handlers throw and those of the protocol itself. Called by the threads of
 * handlers, several at once.
 */
@FunctionalInterface
public interface ErrorFormat {
    /** A line of text. */
    ErrorFormat TEXT =
            (error, asked) -> Response.of(error.status(), "text/plain; charset=utf-8", error.message() + "\n");

    /**
     * The answer; its status is that of the error, and the server adds the error's header fields.
     *
     * @param asked the header fields of the request; none if there is no request that could be read
     */
    Response answer(HttpException error, Headers asked);

    /** This format, with a page instead for browsers: clients that ask for {@code text/html}. */
    default ErrorFormat withPages() {
        return (error, asked) -> {
            Response usual = answer(error, asked);
            boolean browser =
                    Acceptance.of(asked).names("text/html", usual.headers().mediaType());
            Response chosen = browser ? ErrorPage.answer(error) : usual;
            return chosen.headers().hasElement("Vary", "Accept") ? chosen : chosen.and("Vary", "Accept");
        };
    }
}
