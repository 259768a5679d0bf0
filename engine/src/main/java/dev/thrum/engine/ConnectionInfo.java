package dev.thrum.engine;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A snapshot of a live connection, as {@link Engine#connections} reports it.
 *
 * @param number a number that counts up from 1 over the engine's life
 * @param side whether a client connected to this program, or this program opened the connection
 * @param bytesIn bytes received so far
 * @param bytesOut bytes handed to the network so far
 * @param waitingFor what the connection waits for at this moment
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

    /** The kinds of waits of a connection. */
    public enum Waiting {
        /** A thread to run its handler (engine {@code threads}). */
        WORKER,
        /** The first byte of the next message. */
        MESSAGE,
        /** The first byte of the next exchange: a server that drains ends a conversation that waits for this. */
        EXCHANGE,
        /** The rest of a message. */
        INPUT,
        /** Room for output: the peer must read first. */
        OUTPUT,
        /** Nothing: its handler runs, or waits for something other than its peer. */
        NOTHING
    }
}
