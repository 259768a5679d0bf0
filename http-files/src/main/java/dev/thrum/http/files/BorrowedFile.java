package dev.thrum.http.files;

import dev.thrum.engine.Connection;
import dev.thrum.http.Response.Content.OpenFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** An open file for one answer, which the scope of the exchange closes if it was not sent. Owned by the handler's thread. */
final class BorrowedFile implements OpenFile {
    private final FileChannel channel;
    private final OpenFilePool home;

    /** Whether somebody else may have the channel by now. */
    private boolean given;

    BorrowedFile(FileChannel channel, OpenFilePool home) {
        this.channel = channel;
        this.home = home;
    }

    /**
     * Sends a part of it, and gives it back.
     *
     * @throws EOFException if it is shorter than that; then the answer can't be what its head says
     */
    @Override
    public void send(Connection connection, long position, long length) throws IOException {
        connection.transfer(channel, position, length);
        given = true;
        home.give(channel);
    }

    /** A part of it, for who has no connection. */
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

    /** Closes it, unless it was given back. Idempotent. */
    void close() throws IOException {
        if (!given) {
            channel.close();
        }
    }
}
