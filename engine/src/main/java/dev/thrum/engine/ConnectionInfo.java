package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A live connection at a glance, as {@link Engine#connections} reports it.
 *
 * @param number counts up over the engine's life, from 1
 * @param side whether a client came to us or we went out
 * @param bytesIn bytes received so far
 * @param bytesOut bytes handed to the network so far
 * @param waitingFor what the connection waits for right now
 */
public record ConnectionInfo(
        long number,
        Side side,
        String engine,
        InetSocketAddress peer,
        Duration age,
        long bytesIn,
        long bytesOut,
        Waiting waitingFor) {

    /** Who opened the connection. */
    public enum Side {
        SERVED,
        OPENED
    }

    /** What a connection can wait for. */
    public enum Waiting {
        /** A thread to run its handler (engine {@code threads}). */
        WORKER,
        /** The first byte of the next message. */
        MESSAGE,
        /** The first byte of the next exchange, between two: a server that drains ends such a conversation. */
        EXCHANGE,
        /** The rest of a message. */
        INPUT,
        /** The peer, to take what is sent. */
        OUTPUT,
        /** Nothing: its handler runs, or waits for something else than its peer. */
        NOTHING
    }
}
