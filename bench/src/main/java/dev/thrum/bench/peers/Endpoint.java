package dev.thrum.bench.peers;

import java.io.Closeable;
import java.io.IOException;

/**
 * A server that is running in this process.
 *
 * @param port its port on the loopback address
 * @param ending stops it when closed
 */
public record Endpoint(int port, Closeable ending) implements Closeable {
    /** More than any measurement opens, so no connection has to wait for room in the backlog. */
    static final int BACKLOG = 4_096;

    @Override
    public void close() throws IOException {
        ending.close();
    }
}
