package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;

/** The output of a connection, below its {@link ByteWriter}: its owner, its waits and its deadline. */
final class OutputHalf {
    /** The most bytes that one write deadline covers, and so the least progress that a slow peer must make. */
    private static final int CHUNK = 64 * 1024;

    private final Connection connection;
    private final Ownership ownership;
    private final WaitState waiting = WaitState.ofOutput();

    // Written by the owner only, in opaque mode, for readers of the registry.
    private final AtomicLong bytes = new AtomicLong();

    OutputHalf(Connection connection, Ownership ownership) {
        this.connection = connection;
        this.ownership = ownership;
    }

    Ownership ownership() {
        return ownership;
    }

    WaitState waiting() {
        return waiting;
    }

    long bytes() {
        return bytes.getOpaque();
    }

    void send(byte[] source, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; ) {
            int from = offset + sent;
            int chunk = Math.min(CHUNK, length - sent);
            sent += (int) await(deadline -> connection.wire().write(source, from, chunk, deadline));
        }
    }

    /** See {@link Connection#transfer}. */
    void transfer(FileChannel source, long position, long count) throws IOException {
        Wire wire = connection.wire();
        for (long sent = 0; sent < count; ) {
            long from = position + sent;
            long chunk = Math.min(wire.transferChunk(), count - sent);
            long progress = await(deadline -> wire.transfer(source, from, chunk, deadline));
            if (progress == Wire.END) {
                throw new EOFException("expected a file of at least " + (position + count) + " bytes but it has "
                        + source.size() + ": it shrank while it was sent");
            }
            sent += progress;
        }
    }

    private interface Output {
        long send(long deadline) throws IOException;
    }

    /** A write that the reaper has ended fails with a deadline exception, not with a closed socket. */
    private long await(Output output) throws IOException {
        long now = connection.clock().nanoTime();
        long deadline = now + connection.deadlines().write().toNanos();
        connection.begin(waiting, WaitState.Wait.of(Waiting.OUTPUT, now, deadline));
        long count;
        try {
            count = output.send(deadline);
        } catch (IOException | RuntimeException | Error e) {
            // End the wait, whatever was thrown: a stale one could expire while no thread waits.
            if (waiting.end() && e instanceof IOException) {
                throw tooSlow();
            }
            if (e instanceof IOException broken) {
                connection.noteBroken(broken);
            }
            throw e;
        }
        if (waiting.end() || count == Wire.EXPIRED) {
            throw tooSlow();
        }
        bytes.setOpaque(bytes.getPlain() + Math.max(0, count));
        return count;
    }

    private DeadlineException tooSlow() {
        connection.note(Ending.late(Ending.Cause.NOT_READING));
        connection.reset();
        return new DeadlineException(
                DeadlineException.Kind.WRITE, connection.deadlines().write());
    }
}
