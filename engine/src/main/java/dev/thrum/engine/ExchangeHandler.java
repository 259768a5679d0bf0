package dev.thrum.engine;

import java.util.Optional;

/**
 * A protocol that comes in exchanges, such as requests and responses, or lines. Between two of them the engine waits and not
 * the handler, so an idle connection needs no thread: what the protocol must remember is in its {@link Session}.
 *
 * <p>The calls for one connection come one after another, each sees what the ones before have written to memory, and each
 * may block; but they may run on <em>different threads</em>. So locks, thread locals and scoped values end with each call.
 * With {@code -Dthrum.debug=true} a conversation whose exchange keeps a named lock fails, and the message names it.
 *
 * <p>When a connection gives its thread back is the engine's business: on {@code events} after two seconds of silence, on
 * {@code threads} while half of the workers or more are taken, on {@code virtual} never. Everything else is the same as for
 * straight-line handlers: limits, deadlines, the outbox, timers.
 */
public interface ExchangeHandler extends ConnectionHandler {
    /**
     * Begins the conversation with a client; a protocol whose server speaks first does so here.
     *
     * @return called for every exchange of this connection
     */
    Session begin(Connection connection) throws Exception;

    /**
     * Whether clients speak first. If so, {@link #begin} only makes the session and sets deadlines: it neither reads, writes
     * nor blocks, so any thread may call it, and a new connection needs no thread until its first byte is there.
     */
    default boolean clientSpeaksFirst() {
        return false;
    }

    /** Serves all exchanges on the calling thread, for handlers that pass their connection on to this protocol. */
    @Override
    default void handle(Connection connection) throws Exception {
        boolean _ = new Exchanges(this, connection, Exchanges.begin(this, connection)).serve(false, false);
    }

    /**
     * What a session does.
     *
     * @param what in a few words, without values that a peer has sent
     * @param since when it began: a reading of the engine's clock
     */
    record Activity(String what, long since) {}

    /** The conversation with one client. Its calls come one after another, perhaps on different threads. */
    interface Session {
        /**
         * Serves the next exchange, whose first byte is there; what it writes is sent when the engine waits for the next
         * one.
         *
         * @return whether another may follow; if not, the connection is closed
         * @throws Exception to end the conversation, as with {@link ConnectionHandler#handle}
         */
        boolean exchange() throws Exception;

        /**
         * Whether the conversation is over although no exchange has ended it; asked before each wait for the next one, so
         * that {@link ExchangeHandler#begin} and the tasks of timers can end it too.
         */
        default boolean isOver() {
            return false;
        }

        /** What the session is doing at this moment, for reports; any thread may ask. Empty between two exchanges. */
        default Optional<Activity> activity() {
            return Optional.empty();
        }

        /**
         * Called once, last, if {@link ExchangeHandler#begin} has returned. What it writes is sent before the connection
         * closes.
         *
         * @param reason empty if the peer has ended the stream, the session is over, or the server drains; else what has
         *     ended the conversation. After a {@link DeadlineException} the peer may still read last words.
         */
        default void ended(Optional<Throwable> reason) throws Exception {}
    }
}
