package dev.thrum.measure.load;

/** Recognises the end of each response on one connection, whose bytes it is given as they arrive. Owned by the thread of the load. */
interface Reply {
    /** A new connection has been opened; returns whether the server speaks first. */
    boolean isGreeted();

    /** A request has been sent: the next bytes are its response. */
    void begin();

    /**
     * Takes bytes up to the end of the response, or all of them.
     *
     * @return the index after the last byte that belongs to the response
     * @throws MalformedReplyException if they are no response
     */
    int take(byte[] bytes, int from, int to) throws MalformedReplyException;

    /** Whether the response is complete. */
    boolean isComplete();

    /** The server has ended its output; returns whether that completes the response. */
    boolean end();

    /** The status of the response; 0 if the protocol has none. */
    int status();

    /** Whether the server closes the connection after this response. */
    boolean isLast();
}
