package dev.thrum.measure;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Connections to one server, which are numbered from 0, and the wait for any of them. Nothing but {@link #await} waits. Owned by
 * one thread.
 *
 * <p>Failures are numbers of Linux's {@code errno}.
 */
public interface Wires extends AutoCloseable {
    /** The failure of what would have to wait. */
    int AGAIN = 11;

    /** Gets the connections that can go on. */
    @FunctionalInterface
    interface Ready {
        void receive(int connection) throws IOException;
    }

    /**
     * Begins to open a connection, and watches for its end: it is ready when it has been opened or has failed.
     *
     * @return 0, or the failure
     */
    int open(int connection);

    /** How a connection that is ready after {@link #open} has been opened: 0, or the failure. */
    int failure(int connection);

    /** Watches a connection for input only, or for room for output only. */
    void watch(int connection, boolean isOutput);

    /** Sends bytes from this offset on; returns their number, or a failure as a negative number. */
    long send(int connection, MemorySegment bytes, long offset);

    /** Receives bytes; returns their number, 0 at the end of the input, or a failure as a negative number. */
    int receive(int connection, byte[] target);

    /** Closes a connection, if it is open. */
    void close(int connection);

    /** Waits for connections that are ready, at most this long, and passes them on. */
    void await(long nanos, Ready ready) throws IOException;

    @Override
    void close();
}
