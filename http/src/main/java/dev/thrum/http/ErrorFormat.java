package dev.thrum.http;

/** How errors are told to clients: those that handlers throw and those of the protocol itself. */
@FunctionalInterface
public interface ErrorFormat {
    /** A line of text. */
    ErrorFormat TEXT = error -> Response.of(error.status(), "text/plain; charset=utf-8", error.message() + "\n");

    /** The answer; its status is that of the error, and it gets the error's header fields besides. */
    Response answer(HttpException error);
}
