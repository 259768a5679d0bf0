package dev.thrum.line;

import java.util.Optional;

/**
 * What happens with one client, callback style; one instance per connection, so its fields are the client's state.
 *
 * <p>The callbacks of a connection come one after the other and never at once. They may block: the engine carries
 * that as it carries straight-line code.
 */
public interface LineHandler {
    /** The client is there. */
    default void connected(LineSession session) throws Exception {}

    /** A line has come, without its terminator. */
    void received(LineSession session, String line) throws Exception;

    /**
     * The conversation is over; called once, last, whatever happened before.
     *
     * @param reason why it broke off, or empty if the client or {@link LineSession#close} ended it
     */
    default void lost(LineSession session, Optional<Throwable> reason) {}
}
