package dev.thrum.engine.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The messages in a connection's outbox, which an engine sends while the connection's handler does not write. The
 * engine calls it from one thread at a time, either {@link #sendAll} or the other methods.
 */
public interface Outgoing {
    /** Sends the messages by {@link Wire#write} until none is left; waits for the peer, and ends by its write deadline. */
    void sendAll();

    /**
     * Copies the next bytes to be sent, as many as there is room for. They stay the next ones until {@link #sent}.
     *
     * @return how many, or 0 if there is nothing to send: then this call has ended the sending, and a new
     *     {@link EngineBackend#drain} begins the next
     */
    int copyTo(ByteBuffer target);

    /** The network has taken this many of the copied bytes, perhaps none. */
    void sent(int count);

    /** The network takes no more now: the peer must read within the write deadline. */
    void stalled();

    /** Sending has failed, or the connection was closed: this ends the sending. */
    void failed(IOException cause);
}
