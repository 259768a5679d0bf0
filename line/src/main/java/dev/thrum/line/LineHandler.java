package dev.thrum.line;

import java.util.Optional;

/**
 * A line protocol as callbacks; one instance per connection, so its fields are the client's state.
 *
 * <p>The callbacks of a connection are called one after another, never concurrently, and each sees what the ones before have
 * done; but <em>not always on the same thread</em>, because a connection that is idle gives its thread back. So locks, thread
 * locals and scoped values end with each callback. They may block, just as straight-line code may. When the server drains,
 * a connection that waits for its next line ends.
 */
public interface LineHandler {
    /** Called first, when the client has connected. */
    default void connected(LineSession session) throws Exception {}

    /** Called for each line, which comes without its terminator. */
    void received(LineSession session, String line) throws Exception;

    /**
     * Called once, last, however the conversation has ended.
     *
     * @param reason the failure that ended the conversation, or empty if the client or {@link LineSession#close}
     *     ended it, or the server drains
     */
    default void lost(LineSession session, Optional<Throwable> reason) {}
}
