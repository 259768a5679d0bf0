package dev.thrum.http.server;

import dev.thrum.http.Request;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Who keeps a record of each answer; it must not throw. */
public interface ExchangeLog {
    /** Nobody; what it would have been told is not even looked up. */
    ExchangeLog NOBODY = (peer, request, answer) -> {};

    /**
     * An answer.
     *
     * @param id of the request
     * @param bytes how long its body was, as far as it was sent
     * @param begun a reading of the engine's clock when the first byte of the request was seen
     * @param nanos from then until the answer was written
     */
    record Answered(String id, int status, long bytes, long begun, long nanos) {}

    /**
     * An answer was written, or a part of it, and leaves soon. Called on the handler's thread, which may be made to wait:
     * its client then waits too.
     *
     * @param peer who is connected
     * @param request null if its first line was malformed; if only its header fields were, it has none
     */
    void answered(InetSocketAddress peer, @Nullable Request request, Answered answer);

    /**
     * A client was turned away before it could ask. Called on the thread that accepts clients, which must not be made to
     * wait.
     *
     * @param bytes how long the body of the answer is
     */
    default void refused(InetSocketAddress peer, int status, long bytes) {}
}
