package dev.thrum.http.server;

import dev.thrum.base.Clock;
import dev.thrum.engine.Connection;
import dev.thrum.http.Request.Wakeup;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends a response whose writer waits for something other than its client, after the client has left or the server
 * drains: a silent writer would notice neither, unless it waits with {@link dev.thrum.http.Request#await}.
 *
 * <p>Created, written through and closed by the thread of the handler; checked by the timer of the engine.
 */
final class SilenceWatch implements AutoCloseable {
    /** The interval of checks. A writer that has written nothing from one check to the next is silent. */
    private static final Duration CHECK = Duration.ofMillis(400);

    private final Connection connection;
    private final boolean mayCheckForEnd;
    private final Thread writer = Thread.currentThread();

    /** Held by the writer while it writes or waits for its client, and by a check, which does not wait for it. */
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private long writes;
    private long seen = -1;
    private boolean over;
    private @Nullable String why;

    // A check that runs during cancel() may set it once more; the next check then finds that all is over.
    private volatile Clock.Timer next;

    /**
     * Watches the calling thread.
     *
     * @param mayCheckForEnd whether no thread reads from the connection meanwhile
     */
    SilenceWatch(Connection connection, boolean mayCheckForEnd) {
        this.connection = connection;
        this.mayCheckForEnd = mayCheckForEnd;
        this.next = connection.clock().schedule(CHECK, this::check);
    }

    /** Passes writes on and counts them. */
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

    /** A wait that notices by itself what this watch checks for. */
    interface Wait {
        Wakeup await() throws IOException;
    }

    /** Runs a wait of the writer, which is not silence. The connection reads meanwhile, so nothing else may check it. */
    Wakeup duringWait(Wait wait) throws IOException {
        lock.lock();
        try {
            writes++;
            return wait.await();
        } finally {
            lock.unlock();
        }
    }

    private void check() {
        if (!lock.tryLock()) {
            next = connection.clock().schedule(CHECK, this::check);
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
                next = connection.clock().schedule(CHECK, this::check);
            } else {
                over = true;
                connection.reset();
                // Under the lock, so that the interrupt hits only the writing of this response.
                writer.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable String reason() {
        if (connection.isDraining()) {
            return "the server drains while the writer of a response was silent";
        }
        try {
            return mayCheckForEnd && connection.hasEnded()
                    ? "the client has ended its half of the connection while the writer of a response was silent"
                    : null;
        } catch (IOException e) {
            return "the connection broke while the writer of a response was silent";
        }
    }

    /**
     * Ends the watch.
     *
     * @throws IOException if the watch has ended the response, whatever the writer has made of the interrupt
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
