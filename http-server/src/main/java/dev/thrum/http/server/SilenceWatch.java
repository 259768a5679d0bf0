package dev.thrum.http.server;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends an answer whose writer waits for something else than its client, when that has left or the server drains: who
 * writes nothing would notice neither.
 *
 * <p>Made, written through and closed by the handler's thread; looked at by the engine's timer.
 */
final class SilenceWatch implements AutoCloseable {
    /** Who has written nothing from one look to the next is silent. */
    private static final Duration LOOK = Duration.ofMillis(400);

    private final Connection connection;
    private final boolean mayLookForEnd;
    private final Thread writer = Thread.currentThread();

    /** Held by the writer while it writes, and by a look, which does not wait for it. */
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private long writes;
    private long seen = -1;
    private boolean over;
    private @Nullable String why;

    // A look that runs when this is cancelled may set it once more; that one finds that all is over.
    private volatile Clock.Timer next;

    /**
     * Watches the calling thread.
     *
     * @param mayLookForEnd whether nobody reads meanwhile
     */
    SilenceWatch(Connection connection, boolean mayLookForEnd) {
        this.connection = connection;
        this.mayLookForEnd = mayLookForEnd;
        this.next = connection.clock().schedule(LOOK, this::look);
    }

    /** Writes to this, as not being silent. */
    OutputStream over(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                lock.lock();
                try {
                    writes++;
                    out.write(source, offset, length);
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void flush() throws IOException {
                lock.lock();
                try {
                    writes++;
                    out.flush();
                } finally {
                    lock.unlock();
                }
            }
        };
    }

    private void look() {
        if (!lock.tryLock()) {
            next = connection.clock().schedule(LOOK, this::look);
            return;
        }
        try {
            if (over) {
                return;
            }
            boolean silent = writes == seen;
            seen = writes;
            why = silent ? reason() : null;
            if (why == null) {
                next = connection.clock().schedule(LOOK, this::look);
            } else {
                over = true;
                connection.reset();
                // Under the lock, so that it meets nothing but the writing of this answer.
                writer.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String reason() {
        if (connection.isDraining()) {
            return "the server drains while the writer of an answer was silent";
        }
        try {
            return mayLookForEnd && connection.hasEnded()
                    ? "the client has ended its half of the connection while the writer of an answer was silent"
                    : null;
        } catch (IOException e) {
            return "the connection broke while the writer of an answer was silent";
        }
    }

    /**
     * The end of the writing.
     *
     * @throws IOException if it was ended from here, whatever the writer has made of that
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        next.cancel();
        if (why != null) {
            Thread.interrupted();
            throw new IOException(why);
        }
    }
}
