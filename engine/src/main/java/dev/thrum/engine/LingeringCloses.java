package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sockets whose conversation is over but whose peer may still be sending.
 *
 * <p>Closing a socket with unread input resets the connection, and a reset can destroy output that the peer has not
 * read yet. So the output is ended, input is discarded without blocking, and the socket is closed when the peer
 * closes or after {@link #PATIENCE}. A socket whose input was shut down on this side can't be read any more, so it
 * lingers for all of that time. At most {@link #MOST} linger at once; further ones are closed immediately.
 */
final class LingeringCloses {
    private static final System.Logger LOG = System.getLogger("dev.thrum.engine");
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST = 1_024;
    /**
     * The size of a discarding read; with {@link #ROUNDS} reads at each tick, discarding keeps up with a fast sender.
     */
    private static final int TRASH = 16 * 1024;

    private static final int ROUNDS = 64;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Queue<Lingering> lingering = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean closed;

    /** Completed when no socket lingers any more; once completed, replaced by the next caller that waits. */
    @GuardedBy("lock")
    private CompletableFuture<Void> emptied = new CompletableFuture<>();

    /** The state of the peer's half of the stream. */
    enum Input {
        OPEN,
        /** The peer has ended it. */
        ENDED,
        /** Shut down on this side: the JDK reads nothing from it any more, though the peer may send. */
        SHUT
    }

    private record Lingering(SocketChannel channel, Input input, long until) {
        boolean isOver(long now) {
            // Read in any case: closing with unread input would reset the connection, and the peer could lose the
            // last output, for instance when the process was suspended while that input arrived.
            boolean ended = input == Input.OPEN && sawEnd(channel);
            return ended || now - until >= 0;
        }
    }

    LingeringCloses(Clock clock) {
        this.clock = clock;
    }

    /** Takes over a socket that is not read or written any more. */
    void add(SocketChannel channel, byte[] lastWords, Input input) {
        try {
            channel.configureBlocking(false);
            if (lastWords.length > 0) {
                channel.write(ByteBuffer.wrap(lastWords));
            }
            if (input != Input.ENDED) {
                channel.shutdownOutput();
                if (linger(channel, input)) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.log(Level.TRACE, "the peer closed first", e);
        }
        close(channel);
    }

    private boolean linger(SocketChannel channel, Input input) {
        if (input == Input.OPEN && sawEnd(channel)) {
            return false;
        }
        lock.lock();
        try {
            if (closed || lingering.size() >= MOST) {
                return false;
            }
            lingering.add(new Lingering(channel, input, clock.nanoTime() + PATIENCE.toNanos()));
            if (lingering.size() == 1) {
                clock.schedule(TICK, this::tick);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Checks each socket once; reading and closing happen outside of the lock. */
    private void tick() {
        List<Lingering> over = new ArrayList<>();
        try {
            long now = clock.nanoTime();
            for (Lingering socket : lingering()) {
                if (socket.isOver(now)) {
                    over.add(socket);
                    close(socket.channel());
                }
            }
        } finally {
            goOnWithout(over);
        }
    }

    private void goOnWithout(List<Lingering> over) {
        lock.lock();
        try {
            lingering.removeAll(Set.copyOf(over));
            if (lingering.isEmpty()) {
                emptied.complete(null);
            } else if (!closed) {
                clock.schedule(TICK, this::tick);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, at most this long, until no socket lingers. */
    void awaitEmpty(Duration patience) {
        CompletableFuture<Void> empty;
        lock.lock();
        try {
            if (lingering.isEmpty() || closed) {
                return;
            }
            if (emptied.isDone()) {
                emptied = new CompletableFuture<>();
            }
            // A copy, so that one waiter's timeout does not end the wait of others.
            empty = emptied.copy();
        } finally {
            lock.unlock();
        }
        Clock.Timer timer = clock.schedule(patience, () -> empty.complete(null));
        try {
            empty.join();
        } finally {
            timer.cancel();
        }
    }

    private List<Lingering> lingering() {
        lock.lock();
        try {
            return List.copyOf(lingering);
        } finally {
            lock.unlock();
        }
    }

    void closeAll() {
        List<Lingering> rest;
        lock.lock();
        try {
            closed = true;
            rest = List.copyOf(lingering);
            lingering.clear();
            emptied.complete(null);
        } finally {
            lock.unlock();
        }
        long now = clock.nanoTime();
        for (Lingering socket : rest) {
            // Discard input once more: with unread input the peer would be sent a reset.
            var _ = socket.isOver(now);
            close(socket.channel());
        }
    }

    /** Discards input, a bounded amount at a time; returns whether the stream has ended. */
    private static boolean sawEnd(SocketChannel channel) {
        ByteBuffer trash = ByteBuffer.allocate(TRASH);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                int count = channel.read(trash.clear());
                if (count <= 0) {
                    return count < 0;
                }
            }
            return false;
        } catch (IOException e) {
            return true;
        } catch (RuntimeException | Error e) {
            // Out of memory, for example: one socket must not make the others linger for ever.
            LOG.log(Level.WARNING, "a closing socket could not be read", e);
            return true;
        }
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket could not be closed", e);
        }
    }
}
