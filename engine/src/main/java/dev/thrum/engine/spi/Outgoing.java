package dev.thrum.engine.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The messages in a connection's outbox, which an engine sends while the connection's handler does not write. The
 * engine either calls {@link #sendAll}, or {@link #begin} and then the other methods, one thread at a time.
 */
public interface Outgoing {
    /** Sends the messages by {@link Wire#write} until none is left; waits for the peer, and ends by its write deadline. */
    void sendAll();

    /** Begins to send; returns false if there is nothing to do, because the handler has begun to write meanwhile. */
    boolean begin();

    /**
     * Copies the next bytes to be sent, as many as there is room for. They stay the next ones until {@link #sent}.
     *
     * @return how many, or 0 if there is nothing to send now: then this call has ended the sending, and a new
     *     {@link EngineBackend#drain} comes for the next
     */
    int copyTo(ByteBuffer target);

    /**
     * The network has taken this many of the copied bytes, perhaps none.
     *
     * @return whether there is more to send; if not, this call has ended the sending, as {@link #copyTo} does
     */
    boolean sent(int count);

    /** The network takes no more now: the peer must read within the write deadline. */
    void stalled();

    /** Sending has failed, or the connection was closed: this ends the sending. */
    void failed(IOException cause);
}
