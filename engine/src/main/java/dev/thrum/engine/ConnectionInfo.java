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
 * @param input what the owner of its input waits for at this moment; never {@link Waiting#OUTPUT}
 * @param output {@link Waiting#OUTPUT} while the owner of its output waits for the peer to read, else
 *     {@link Waiting#NOTHING}
 * @param messages those of its {@link Outbox}
 */
public record ConnectionInfo(
        long number,
        Side side,
        String engine,
        InetSocketAddress peer,
        Duration age,
        long bytesIn,
        long bytesOut,
        Waiting input,
        Waiting output,
        Messages messages) {

    /** What the connection waits for: {@link #output} if that waits, even while another thread reads; else {@link #input}. */
    public Waiting waitingFor() {
        return output == Waiting.NOTHING ? input : output;
    }

    /**
     * The messages of an {@link Outbox}.
     *
     * @param waiting how many wait to be sent
     * @param dropped how many were dropped so far
     */
    public record Messages(int waiting, long dropped) {
        static final Messages NONE = new Messages(0, 0);
    }

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
        /** A time to pass, or the end of the stream: its handler only writes now and then. */
        PAUSE,
        /** Room for output: the peer must read first. */
        OUTPUT,
        /** Nothing: its handler runs, or waits for something other than its peer. */
        NOTHING
    }
}
