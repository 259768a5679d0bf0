package dev.thrum.http;

/**
 * Handles requests: blocking code, on every engine.
 *
 * <p>One instance serves all connections at once, so its own state must be safe for concurrent use. It runs on a thread
 * that serves only this connection: a worker, or a virtual thread. If it blocks for something other than its client
 * (files, name look-ups, native code), it should do so in {@link Request#offload}, which keeps the event loop free for
 * other clients.
 *
 * <p>If the client disconnects, nothing interrupts a handler: reading the request's body or writing the response fails.
 * When a drain of the server reaches its deadline, the connection is reset and the thread of the handler interrupted.
 */
@FunctionalInterface
public interface HttpHandler {
    /**
     * Handles one request. Requests of one connection are handled one after the other, pipelined ones too; the next one
     * begins after this response was written.
     *
     * <p>If a part of the request's body is unread when this returns, up to 64 KiB are discarded to keep the
     * connection.
     *
     * @return the response; a null pointer is an error of the handler
     * @throws HttpException for an error that the client may see; its status and message are sent
     * @throws Exception for any other failure, {@link Error}s too: the client gets 500 without details, and the log the
     *     stack trace. If reading the request's body failed because the connection broke, no response is sent.
     */
    Response handle(Request request) throws Exception;

    /**
     * This handler with a filter before it. The filter that is added last runs first: {@code
     * handler.behind(a).behind(b)} runs {@code b}, then {@code a}, then the handler.
     */
    default HttpHandler behind(HttpFilter filter) {
        return request -> filter.apply(request, this);
    }
}
