package dev.thrum.http;

/**
 * What answers requests: blocking code, on every engine.
 *
 * <p>One instance serves all connections at once, so its own state must be safe for concurrent use. Where it blocks for
 * something else than its client (files, name look-up, native code), {@link Request#offload} keeps that from the event
 * loop.
 */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Answers one request.
     *
     * @throws HttpException for an answer that tells the client what is wrong with its request
     * @throws Exception for an answer that tells the client nothing (500); it is logged
     */
    Response handle(Request request) throws Exception;

    /** This handler behind a filter. */
    default HttpHandler behind(HttpFilter filter) {
        return request -> filter.apply(request, this);
    }
}
