package dev.thrum.http;

import dev.thrum.engine.Connection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file for one answer. Owned by the thread that sends it. */
final class LentFile {
    private final FileChannel channel;
    private final SpareFiles home;

    LentFile(FileChannel channel, SpareFiles home) {
        this.channel = channel;
        this.home = home;
    }

    /**
     * Sends a part of it, and gives it back.
     *
     * @throws EOFException if it is shorter than that; then the answer can't be what its head says
     */
    void send(Connection connection, long position, long length) throws IOException {
        connection.transfer(channel, position, length);
        home.give(channel);
    }

    /** A part of it, for who has no connection. */
    byte[] read(long position, long length) throws IOException {
        try {
            return read(channel, position, Math.toIntExact(length));
        } finally {
            channel.close();
        }
    }

    static byte[] read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new EOFException("expected " + length + " bytes at " + position + " but the file ends after "
                        + bytes.position());
            }
        }
        return bytes.array();
    }

    void close() throws IOException {
        channel.close();
    }
}
