package dev.thrum.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A running server that answers each line {@code text} with {@code Echo: text}.
 *
 * @param port where it listens on the loopback address
 * @param ending what ends it
 */
record EchoServer(int port, Closeable ending) implements Closeable {
    static final String PREFIX = "Echo: ";

    /** More than any measurement opens, so nobody has to wait for a place in the line to be accepted. */
    static final int BACKLOG = 4_096;

    static byte[] prefix() {
        return PREFIX.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        ending.close();
    }
}
