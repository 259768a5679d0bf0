package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.ThreadTraits;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler over one connection.
 *
 * <p>Life: {@code WAITING} for a thread, then {@code RUNNING}, then {@code ENDED}; or, if refused, directly from
 * {@code WAITING} to {@code ENDED}. The thread that moves it out of {@code WAITING}, the worker's or that of a server
 * that drains, owns the connection from then on.
 */
final class Conversation implements Runnable {
    static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final Conversations all;
    private final Connection connection;
    private final ConnectionHandler handler;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.WAITING;

    /** The thread to interrupt; set only while running, so that a worker's next conversation is never interrupted. */
    @GuardedBy("lock")
    private @Nullable Thread runner;

    @GuardedBy("lock")
    private boolean aborted;

    /** The timer that ends the wait for a thread; present only while waiting. */
    @GuardedBy("lock")
    private Optional<Clock.Timer> lastCall = Optional.empty();

    /** Completed when it runs, or has ended without that. Null if a client opened the connection: nobody waits for that. */
    private final @Nullable CompletableFuture<Boolean> begun;

    /** Whether its end is logged, as its beginning was. */
    private final boolean logged;

    // Owned by the handler's thread: the exception of the handler, or of sending its last output.
    private Optional<Throwable> thrown = Optional.empty();

    Conversation(Conversations all, Connection connection, ConnectionHandler handler) {
        this.all = all;
        this.connection = connection;
        this.handler = handler;
        this.begun = connection.side() == Side.OPENED ? new CompletableFuture<>() : null;
        this.logged = ConnectionLog.connected(connection);
        connection.life().carriedBy(this);
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void run() {
        if (!leaveWaiting(State.RUNNING)) {
            return;
        }
        ThreadTraits before = ThreadTraits.ofCurrent();
        connection.life().handledBy(Thread.currentThread());
        connection.takeOwnership();
        connection.waiting().beginNothing();
        try {
            converse();
        } finally {
            stopRunning();
            before.restore();
            if (logged) {
                ConnectionLog.disconnected(connection, thrown, isAborted());
            }
            end();
        }
    }

    /** Comes last: whoever sees that it has ended finds nothing of it any more. */
    private void end() {
        connection.life().ended();
        all.ended(this);
    }

    /** The limits of the outbox of its connection. */
    Outbox.Bounds outboxBounds() {
        return all.outboxBounds();
    }

    /** What the protocol says to a client that is not served, or no longer. */
    byte[] words(Refusal reason) {
        return all.words(handler, reason, connection.peer());
    }

    /**
     * Refuses the peer, unless the conversation has begun.
     *
     * @param why the reason as text for the log
     */
    void refuseIfWaiting(Refusal reason, String why) {
        if (leaveWaiting(State.ENDED)) {
            all.engine().withdraw(this);
            try {
                connection.refuse(refusal(reason));
                if (logged) {
                    ConnectionLog.refused(connection, why);
                }
            } finally {
                endedUnbegun();
            }
        }
    }

    private void endedUnbegun() {
        end();
        begun(false);
    }

    /** A refusal is for clients: a server that this side has connected to just sees the end. */
    private byte[] refusal(Refusal reason) {
        return connection.side() == Side.SERVED ? words(reason) : new byte[0];
    }

    /** Waits until it has begun or was refused; returns whether it runs. Only over a connection that this side opened. */
    boolean awaitBegun() throws ClosedByInterruptException {
        CompletableFuture<Boolean> result = Objects.requireNonNull(begun);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuseIfWaiting(Refusal.NO_WORKER, "the thread that connected was interrupted");
            if (result.join()) {
                return true;
            }
            throw new ClosedByInterruptException();
        } catch (ExecutionException e) {
            throw new IllegalStateException("expected a wait that never fails", e);
        }
    }

    /** Ends the conversation if it is between two exchanges. */
    void endBetweenExchanges() {
        connection.endBetweenExchanges();
    }

    /** Refuses the peer if the conversation has not begun by then. */
    void boundWait(Duration patience) {
        lock.lock();
        try {
            if (state == State.WAITING) {
                lastCall = Optional.of(connection
                        .clock()
                        .schedule(
                                patience,
                                () -> refuseIfWaiting(Refusal.NO_WORKER, ConnectionLog.noWorkerWithin(patience))));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the conversation from outside: its reads and writes fail, its thread is interrupted. */
    void abort() {
        if (leaveWaiting(State.ENDED)) {
            all.engine().withdraw(this);
            connection.reset();
            if (logged) {
                ConnectionLog.disconnected(connection, Optional.empty(), true);
            }
            endedUnbegun();
            return;
        }
        markAborted();
        // Before the interrupt, which would close the socket with an end instead of a reset.
        connection.reset();
        interrupt();
    }

    private void markAborted() {
        lock.lock();
        try {
            aborted = true;
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        lock.lock();
        try {
            if (runner != null) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    // A handler is foreign code: its exceptions must reach neither the worker nor the event loop below it.
    private void converse() {
        try {
            handler.handle(connection);
        } catch (Throwable e) {
            failed(e);
        }
        if (!isAborted()) {
            // An interrupt that the handler left pending must not cost its client the last response.
            Thread.interrupted();
        }
        try {
            connection.closeAfterHandler();
        } catch (Throwable e) {
            failed(e);
        }
    }

    /** Logs the exception that ended a conversation, if possible: the exception's methods are foreign code too. */
    private void failed(Throwable e) {
        if (thrown.isEmpty()) {
            thrown = Optional.of(e);
        }
        // A client that disconnects is normal, and a handler that throws because it was interrupted is not at fault.
        Level level = e instanceof IOException || isAborted() ? Level.TRACE : Level.ERROR;
        if (level == Level.ERROR) {
            all.engine().failed(e);
        }
        try {
            LOG.log(
                    level,
                    "connection " + connection.number()
                            + (connection.side() == Side.SERVED ? " from " : " to ")
                            + AddressText.of(connection.peer()) + " ended by failure",
                    e);
        } catch (Throwable unloggable) {
            e.addSuppressed(unloggable);
        }
    }

    private boolean isAborted() {
        lock.lock();
        try {
            return aborted;
        } finally {
            lock.unlock();
        }
    }

    private boolean leaveWaiting(State next) {
        lock.lock();
        try {
            if (state != State.WAITING) {
                return false;
            }
            state = next;
            lastCall.ifPresent(Clock.Timer::cancel);
            lastCall = Optional.empty();
            runner = next == State.RUNNING ? Thread.currentThread() : null;
        } finally {
            lock.unlock();
        }
        if (next == State.RUNNING) {
            begun(true);
        }
        return true;
    }

    private void begun(boolean runs) {
        if (begun != null) {
            begun.complete(runs);
        }
    }

    private void stopRunning() {
        lock.lock();
        try {
            state = State.ENDED;
            runner = null;
        } finally {
            lock.unlock();
        }
        // An interrupt meant for this conversation must not reach the worker's next one.
        Thread.interrupted();
    }
}
