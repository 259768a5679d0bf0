package dev.thrum.http.files;

import dev.thrum.engine.Connection;
import dev.thrum.http.Response.Content.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * An open file for one response. The scope of the exchange closes it if it was not sent. Owned by the thread of the
 * handler.
 */
final class BorrowedFile implements OpenFile {
    private final FileChannel channel;
    private final OpenFilePool home;

    /** Whether the channel was returned, so that another response may have it. */
    private boolean given;

    BorrowedFile(FileChannel channel, OpenFilePool home) {
        this.channel = channel;
        this.home = home;
    }

    /**
     * Sends a part of the file, and returns it to the pool.
     *
     * @throws EOFException if it is shorter; then the response can't be completed
     */
    @Override
    public void send(Connection connection, long position, long length) throws IOException {
        connection.transfer(channel, position, length);
        given = true;
        home.give(channel);
    }

    /** Reads a part of the file, and closes it; for requests without a connection. */
    @Override
    public byte[] read(long position, long length) throws IOException {
        try {
            return read(channel, position, Math.toIntExact(length));
        } finally {
            close();
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

    /** Closes the file, unless it was returned. Idempotent. */
    void close() throws IOException {
        if (!given) {
            channel.close();
        }
    }
}
