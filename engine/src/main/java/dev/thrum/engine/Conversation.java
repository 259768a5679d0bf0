package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.AddressText;
import dev.thrum.base.Clock;
import dev.thrum.base.ThreadTraits;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ExchangeHandler.Session;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
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
 * The conversation of a handler over one connection.
 *
 * <p>Life: {@code WAITING} for a thread, then {@code RUNNING}, then {@code ENDED}; or, if refused, directly from
 * {@code WAITING} to {@code ENDED}. The thread that moves it out of {@code WAITING}, the worker's or that of a server
 * that drains, owns the connection from then on. That of an {@link ExchangeHandler} may go from {@code RUNNING} to
 * {@code RESTING} and back any number of times: while it rests, the wire owns it, and wakes it once. A new one whose client
 * speaks first may begin by resting.
 */
final class Conversation implements Runnable, Wire.Resting {
    static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private enum State {
        WAITING,
        RUNNING,
        RESTING,
        ENDED
    }

    private final Conversations all;
    private final Connection connection;
    private final ConnectionHandler handler;

    /** Shared with a few other conversations, because there are many of them; held only for a moment. */
    private final ReentrantLock lock;

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

    // Owned by the handler's thread, from run to run.
    /** The exception of the handler, or of sending its last output. */
    private @Nullable Throwable thrown;

    // Set once by the handler's thread; others ask for its activity.
    /** The session of an exchange handler that has begun. */
    private volatile @Nullable Session session;

    Conversation(Conversations all, Connection connection, ConnectionHandler handler) {
        this.all = all;
        this.connection = connection;
        this.handler = handler;
        this.begun = connection.side() == Side.OPENED ? new CompletableFuture<>() : null;
        this.lock = all.engine().registry().lockOf(connection);
        this.logged = ConnectionLog.connected(connection);
        connection.life().carriedBy(this);
    }

    Connection connection() {
        return connection;
    }

    /** The same in every run of a simulation, so that sets have the same order. */
    @Override
    public int hashCode() {
        return connection.hashCode();
    }

    /** What its session does. */
    Optional<ExchangeHandler.Activity> activity() {
        Session begun = session;
        return begun == null ? Optional.empty() : begun.activity();
    }

    /** Whether its handler comes in exchanges. */
    boolean comesInExchanges() {
        return handler instanceof ExchangeHandler;
    }

    /** Whether it can begin without a thread, by {@link #beginResting}. */
    boolean mayBeginResting() {
        boolean clientSpeaksFirst = connection.wire() instanceof SecureWire
                || (handler instanceof ExchangeHandler exchanges && exchanges.clientSpeaksFirst());
        return clientSpeaksFirst && connection.wire().mayRest(false);
    }

    /** Begins without a thread: it gets one when its client has sent the first byte. */
    void beginResting() {
        if (!leave(State.WAITING, State.RUNNING, null)) {
            return;
        }
        if (connection.wire() instanceof SecureWire secure) {
            // The client speaks first in a handshake, and its session begins after that.
            connection.takeOwnership();
            WaitState.Wait wait = new Handshake(connection, secure).begun();
            connection.waiting().begin(wait);
            rest(wait.deadline());
            return;
        }
        ThreadTraits before = ThreadTraits.ofCurrent();
        try {
            connection.takeOwnership();
            session = Exchanges.begin((ExchangeHandler) handler, connection);
        } catch (Throwable e) {
            failed(e);
        } finally {
            before.restore();
        }
        if (thrown == null) {
            // Asked before: the first run may change it. In later runs it was asked before the wait.
            boolean over = isOver();
            rest(connection.reader().beginResting());
            if (over) {
                connection.wire().wake();
            }
        } else {
            stopRunning(State.ENDED);
            connection.refuse(new byte[0]);
            logEnd();
            end();
        }
    }

    /** The last that the thread does that runs it: the next run may begin before this returns. */
    private void rest(long deadline) {
        connection.input().ownership().rest();
        connection.output().ownership().rest();
        connection.life().handledBy(null);
        stopRunning(State.RESTING);
        try {
            connection.wire().rest(this, deadline);
            // A timer that fired before may have found nobody to wake.
            if (connection.input().hasDueTasks()) {
                connection.wire().wake();
            }
        } catch (RuntimeException | Error e) {
            cannotGoOn(e);
        }
    }

    /** Whether the session is over. If that can't be said, it must run to say why. */
    private boolean isOver() {
        try {
            return Objects.requireNonNull(session).isOver();
        } catch (RuntimeException | Error e) {
            return true;
        }
    }

    @Override
    public void run() {
        boolean rested = leave(State.RESTING, State.RUNNING, Thread.currentThread());
        if (!rested && !leaveWaiting(State.RUNNING)) {
            return;
        }
        ThreadTraits before = ThreadTraits.ofCurrent();
        connection.life().handledBy(Thread.currentThread());
        connection.takeOwnership();
        connection.waiting().beginNothing();
        boolean rests = false;
        try {
            rests = converse(rested);
        } finally {
            before.restore();
            if (rests) {
                rest(connection.waiting().current().deadline());
            } else {
                stopRunning(State.ENDED);
                logEnd();
                end();
            }
        }
    }

    /** It rests no longer: something has arrived, or it must end. */
    @Override
    public void wake() {
        try {
            connection.input().wakeFromRest();
            all.engine().resume(this);
        } catch (RuntimeException | Error e) {
            cannotGoOn(e);
        }
    }

    /** The engine was closed, or memory has run out: it ends, if possible on a thread that may block. */
    private void cannotGoOn(Throwable cause) {
        LOG.log(Level.DEBUG, "a conversation that rests can't go on, so it ends", cause);
        connection.reset();
        try {
            Thread.startVirtualThread(this);
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
            if (leave(State.RESTING, State.ENDED, null)) {
                logEnd();
                end();
            }
        }
    }

    private void logEnd() {
        if (logged) {
            ConnectionLog.disconnected(connection, Optional.ofNullable(thrown), isAborted());
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
            markAborted();
            connection.reset();
            logEnd();
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

    /**
     * Runs the handler, to its end or until it rests; returns whether it rests. A handler is foreign code: its exceptions
     * must reach neither the worker nor the event loop below it.
     */
    private boolean converse(boolean rested) {
        try {
            if (session == null && connection.side() == Side.SERVED) {
                // Whoever opens a connection performs the handshake before this.
                Handshake.of(connection);
            }
            if (handler instanceof ExchangeHandler exchanges) {
                if (serveOrRest(exchanges, rested)) {
                    return true;
                }
            } else {
                handler.handle(connection);
            }
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
        return false;
    }

    private boolean serveOrRest(ExchangeHandler exchanges, boolean rested) throws Exception {
        Session known = session;
        Session begun = known == null ? Exchanges.begin(exchanges, connection) : known;
        session = begun;
        return new Exchanges(exchanges, connection, begun).serve(true, rested && known != null);
    }

    /** Logs the exception that ended a conversation, if possible: the exception's methods are foreign code too. */
    private void failed(Throwable e) {
        if (thrown == null) {
            thrown = e;
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
        if (!leave(State.WAITING, next, next == State.RUNNING ? Thread.currentThread() : null)) {
            return false;
        }
        if (next == State.RUNNING) {
            begun(true);
        }
        return true;
    }

    private void stopRunning(State next) {
        boolean _ = leave(State.RUNNING, next, null);
        // An interrupt meant for this conversation must not reach the thread's next one.
        Thread.interrupted();
    }

    private void begun(boolean runs) {
        if (begun != null) {
            begun.complete(runs);
        }
    }

    /**
     * Changes the state if it is the expected one; returns whether it was.
     *
     * @param running the thread to interrupt from now on, if there is one
     */
    private boolean leave(State expected, State next, @Nullable Thread running) {
        lock.lock();
        try {
            if (state != expected) {
                return false;
            }
            state = next;
            runner = running;
            lastCall.ifPresent(Clock.Timer::cancel);
            lastCall = Optional.empty();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
