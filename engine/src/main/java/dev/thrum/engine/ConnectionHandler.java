package dev.thrum.engine;

import java.net.InetSocketAddress;

/**
 * A protocol or service: blocking code that serves one client over a byte stream.
 *
 * <p>The engine calls {@link #handle} once per connection, on a thread of its own choosing, and closes the connection
 * when the call ends, after sending everything written. One handler instance serves all connections at once, so its
 * own state must be safe for concurrent use; keep the state of one client in local variables.
 *
 * <p>On engine {@code threads} a thread serves one client after another. Its name, priority, context class loader and
 * interrupt flag are restored in between. A value left in a {@link ThreadLocal} stays there, and the next client's
 * handler finds it: remove it in a {@code finally} block. The same holds for offloaded tasks.
 */
@FunctionalInterface
public interface ConnectionHandler {
    /**
     * Serves one client until the conversation is over.
     *
     * @throws Exception to end the conversation; an {@link java.io.IOException} (the client disconnected, a deadline
     *     passed) is expected and logged at debug level, everything else as an error with its stack
     */
    void handle(Connection connection) throws Exception;

    /**
     * The bytes sent to a client that can't be served, in the format of this protocol; none by default.
     *
     * <p>They are written without waiting, so they should fit into one packet. Mostly called on the accepting thread, so it
     * must not block.
     */
    default byte[] refusal(Refusal reason) {
        return new byte[0];
    }

    /** Like {@link #refusal(Refusal)}, for protocols whose refusal depends on the client's address. */
    default byte[] refusal(Refusal reason, InetSocketAddress peer) {
        return refusal(reason);
    }

    /** Why a client can't be served, or is served no longer. */
    enum Refusal {
        /** The engine serves {@link Limits#maxConnections} connections already. */
        SERVER_FULL,
        /** This client's address has {@link Limits#maxPerPeer} connections already. */
        PEER_LIMIT,
        /** Every worker is busy and the waiting line is full (engine {@code threads}). */
        NO_WORKER,
        /** The server is shutting down. */
        DRAINING,
        /**
         * The client reads more slowly than messages are sent to it, so it is disconnected
         * ({@link Outbox.WhenFull#DISCONNECT}): these bytes are its last message. Called by the thread that sends.
         */
        SLOW_CONSUMER
    }
}
