package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.ThreadTraits;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A set of conversations that drain together: those of one server, or those over connections that the engine has opened.
 *
 * <p>Life: {@code OPEN}, then {@code DRAINING} (conversations are asked to end), then {@code STOPPED} (none is added any
 * more), then {@code CLOSED}. Safe for concurrent use.
 */
final class Conversations {
    private enum State {
        OPEN,
        DRAINING,
        STOPPED,
        CLOSED
    }

    private final Engine engine;
    private final Outbox.Bounds outboxBounds;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.OPEN;

    @GuardedBy("lock")
    private final Set<Conversation> running = new HashSet<>();

    /** Whether a conversation was ended from outside. */
    @GuardedBy("lock")
    private boolean cut;

    /**
     * Completed with true when none is added any more and the last conversation has ended, with false when the set is
     * closed while a handler still ignores its interrupt.
     */
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();

    Conversations(Engine engine, Outbox.Bounds outboxBounds) {
        this.engine = engine;
        this.outboxBounds = outboxBounds;
    }

    /** The number of current conversations, including those that wait for a worker. */
    int size() {
        lock.lock();
        try {
            return running.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return state == State.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a conversation that has not begun; one that is added during the drain knows that it drains.
     *
     * @return false if none is added any more
     */
    boolean add(Conversation conversation) {
        boolean draining;
        lock.lock();
        try {
            if (state.compareTo(State.STOPPED) >= 0) {
                return false;
            }
            running.add(conversation);
            draining = state == State.DRAINING;
        } finally {
            lock.unlock();
        }
        if (draining) {
            conversation.connection().drain();
        }
        return true;
    }

    /**
     * Starts a conversation over a connection that the engine has opened, and waits until it runs.
     *
     * @throws IOException if no thread runs it within this time; its connection is closed then
     */
    void start(Conversation conversation, Duration patience) throws IOException {
        boolean started = false;
        try {
            engine.start(conversation);
            started = true;
        } catch (RejectedExecutionException e) {
            throw notRun(
                    conversation,
                    "all workers are busy and the waiting line is full: raise their numbers, or use another engine",
                    e);
        } catch (OutOfMemoryError e) {
            throw notRun(
                    conversation,
                    "no thread can be started: give the process more memory, or raise its limit of threads",
                    e);
        } finally {
            if (!started) {
                conversation.refuseIfWaiting(Refusal.NO_WORKER, "no worker");
            }
        }
        conversation.boundWait(patience);
        if (!conversation.awaitBegun()) {
            throw notRun(
                    conversation,
                    "none was free in time, or the engine was closed: raise the number of workers, or the deadline",
                    null);
        }
    }

    private static IOException notRun(Conversation conversation, String why, @Nullable Throwable cause) {
        return new IOException(
                "expected a thread for the conversation with "
                        + AddressText.of(conversation.connection().peer()) + " but " + why,
                cause);
    }

    /** Asks all conversations to end soon; returns false if that was done before. */
    boolean beginDrain() {
        List<Conversation> all;
        lock.lock();
        try {
            if (state != State.OPEN) {
                return false;
            }
            state = State.DRAINING;
            all = List.copyOf(running);
        } finally {
            lock.unlock();
        }
        all.forEach(conversation -> conversation.connection().drain());
        if (!all.isEmpty()) {
            // A conversation that begins to wait for an exchange from now on sees the drain and waits no longer than
            // this.
            engine.clock().schedule(ConnectionLife.DRAIN_GRACE, () -> all.forEach(Conversation::endBetweenExchanges));
        }
        return true;
    }

    /** Adds none any more, after the drain has begun. */
    void stop() {
        lock.lock();
        try {
            if (state == State.DRAINING) {
                state = State.STOPPED;
            }
        } finally {
            lock.unlock();
        }
        completeIfDrained();
    }

    /** Refuses those that still wait for a worker, so that only running conversations remain. */
    void refuseWaiting(Refusal reason, String why) {
        List<Conversation> all;
        lock.lock();
        try {
            all = List.copyOf(running);
        } finally {
            lock.unlock();
        }
        all.forEach(conversation -> conversation.refuseIfWaiting(reason, why));
    }

    /** Waits, at most this long, until the last conversation has ended; returns whether all ended by themselves. */
    boolean awaitDrained(Duration deadline) {
        if (drained.isDone()) {
            return drained.join();
        }
        if (deadline.isZero()) {
            return false;
        }
        // The wait itself has no time limit, so that it ends by the engine's clock and not by the system's.
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        Clock.Timer timer = engine.clock().schedule(deadline, () -> late.complete(false));
        try {
            return (Boolean) CompletableFuture.anyOf(drained, late).join();
        } finally {
            timer.cancel();
        }
    }

    /** Ends every conversation that still runs. */
    void abortAll() {
        List<Conversation> left;
        lock.lock();
        try {
            left = List.copyOf(running);
            cut |= !left.isEmpty();
        } finally {
            lock.unlock();
        }
        left.forEach(Conversation::abort);
    }

    /** Waits for aborted conversations; then the set is closed, whether they have ended or not. */
    void settle(Duration patience) {
        boolean ended = awaitDrained(patience);
        lock.lock();
        try {
            state = State.CLOSED;
        } finally {
            lock.unlock();
        }
        // The clock may stop once the servers are closed, so other waiters must not depend on a timer.
        drained.complete(ended);
    }

    /** Called last by a conversation that ends. */
    void ended(Conversation conversation) {
        Connection connection = conversation.connection();
        if (connection.side() == Side.SERVED) {
            engine.registry().leave(connection.peer());
        }
        lock.lock();
        try {
            running.remove(conversation);
        } finally {
            lock.unlock();
        }
        completeIfDrained();
    }

    private void completeIfDrained() {
        boolean done;
        boolean byItself;
        lock.lock();
        try {
            done = state.compareTo(State.STOPPED) >= 0 && running.isEmpty();
            byItself = !cut;
        } finally {
            lock.unlock();
        }
        if (done) {
            drained.complete(byItself);
        }
    }

    // What a conversation needs of its engine.

    Engine engine() {
        return engine;
    }

    /** The limits of their outboxes. */
    Outbox.Bounds outboxBounds() {
        return outboxBounds;
    }

    /** The refusal that the protocol sends to a peer it can't serve; empty if the protocol fails to make one. */
    byte[] words(ConnectionHandler handler, Refusal reason, InetSocketAddress peer) {
        ThreadTraits before = ThreadTraits.ofCurrent();
        try {
            return Objects.requireNonNull(
                    handler.refusal(reason, peer), "expected the bytes of a refusal but was null");
        } catch (RuntimeException | Error e) {
            Conversation.LOG.log(Level.ERROR, "the protocol failed to refuse a client", e);
            engine.failed(e);
            return new byte[0];
        } finally {
            // Acceptors and timers run this: a changed name or a pending interrupt must not reach the next client.
            before.restore();
        }
    }
}
