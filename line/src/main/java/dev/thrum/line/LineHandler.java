package dev.thrum.line;

import java.util.Optional;

/**
 * A line protocol as callbacks; one instance per connection, so its fields are the client's state.
 *
 * <p>The callbacks of a connection are called one after another, never concurrently, on the thread of its
 * conversation. They may block, just as straight-line code may.
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
     *     ended it
     */
    default void lost(LineSession session, Optional<Throwable> reason) {}
}
