package dev.thrum.engine;

import java.net.InetSocketAddress;

/**
 * What happens with one client, as blocking code over a byte stream.
 *
 * <p>The engine calls {@link #handle} once per connection, on a thread of its own choosing, and closes the connection
 * when the call ends; what was written until then is sent. One handler instance serves all connections at once, so
 * its own state must be safe for concurrent use; what belongs to one client lives in local variables.
 *
 * <p>On engine {@code threads} a thread serves one client after the other. Its name, priority, context class loader and
 * interrupt flag are put back in between; what a handler leaves in a {@link ThreadLocal} stays there, and the next client's
 * handler finds it: remove it in a {@code finally} block. The same holds for tasks that are offloaded.
 */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Serves one client until the conversation is over.
     *
     * @throws Exception to end the conversation; an {@link java.io.IOException} (the client went away, a deadline
     *     passed) is expected and logged at debug level, everything else as an error with its stack
     */
    void handle(Connection connection) throws Exception;

    /**
     * What a client is told that can't be served, in the words of this protocol; nothing by default.
     *
     * <p>It is written without waiting, so it should fit a packet. Called on the accepting thread: it must not block.
     */
    default byte[] refusal(Refusal reason) {
        return new byte[0];
    }

    /** The same, where it matters who that client is. */
    default byte[] refusal(Refusal reason, InetSocketAddress peer) {
        return refusal(reason);
    }

    /** Why a client was turned away before its conversation began. */
    enum Refusal {
        /** The engine carries {@link Limits#maxConnections} connections already. */
        SERVER_FULL,
        /** This client's address holds {@link Limits#maxPerPeer} connections already. */
        PEER_LIMIT,
        /** Every worker is busy and the waiting line is full (engine {@code threads}). */
        NO_WORKER,
        /** The server is shutting down. */
        DRAINING
    }
}
