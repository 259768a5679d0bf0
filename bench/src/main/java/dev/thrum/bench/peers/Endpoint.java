package dev.thrum.bench.peers;

import java.io.Closeable;
import java.io.IOException;

/**
 * A server that is running in this process.
 *
 * @param port where it listens on the loopback address
 * @param ending what ends it
 */
public record Endpoint(int port, Closeable ending) implements Closeable {
    /** More than any measurement opens, so nobody has to wait for a place in the line to be accepted. */
    static final int BACKLOG = 4_096;

    @Override
    public void close() throws IOException {
        ending.close();
    }
}
