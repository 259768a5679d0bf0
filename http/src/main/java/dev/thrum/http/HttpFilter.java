package dev.thrum.http;

/**
 * Runs before a handler: it responds itself, or calls the handler and may change the response.
 *
 * <p>One instance serves all connections at once, so its own state must be safe for concurrent use. The rules for
 * {@link HttpHandler}s apply: threads, blocking, exceptions.
 */
@FunctionalInterface
public interface HttpFilter {
    /**
     * Filters one request.
     *
     * @param next the handler, or the next filter. May be called more than once, but the body of a request can be read
     *     only once. Its exceptions pass through the filter: an {@link HttpException} becomes a response only after all
     *     filters.
     * @return the response
     * @throws Exception as {@link HttpHandler#handle}
     */
    Response apply(Request request, HttpHandler next) throws Exception;
}
