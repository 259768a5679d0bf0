package dev.thrum.http.server;

import dev.thrum.http.Request;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Receives a record of each response and each refusal, for an access log. Called by many threads at once; must not
 * throw.
 */
public interface ExchangeLog {
    /** No log: records are not even made. */
    ExchangeLog NOBODY = (peer, request, response) -> {};

    /**
     * What a log needs to know about a response.
     *
     * @param id of the request
     * @param bytes the length of the body, as far as it was sent
     * @param begun the reading of the engine's clock at the first byte of the request
     * @param nanos nanoseconds from then until the response was written
     */
    record ResponseSummary(String id, int status, long bytes, long begun, long nanos) {}

    /**
     * A response was written, in whole or in part, and will be sent soon; or writing it failed, because the client
     * disconnected or the handler's writer threw. Called on the thread of the handler, which it may block: only the
     * client of this connection waits then.
     *
     * @param peer the peer of the connection
     * @param request null if its request line was malformed; without header fields if only those were malformed
     */
    void responded(InetSocketAddress peer, @Nullable Request request, ResponseSummary response);

    /**
     * A client was refused before it could send a request, because the server is full or drains. Called on the thread
     * that accepts clients, which must not be blocked.
     *
     * @param bytes the length of the body of the response
     */
    default void refused(InetSocketAddress peer, int status, long bytes) {}
}
