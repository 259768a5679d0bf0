package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.engine.ConnectionHandler.Refusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One run of a handler over one connection.
 *
 * <p>Life: {@code WAITING} for a thread, then {@code RUNNING}, then {@code ENDED}; or straight from {@code WAITING} to
 * {@code ENDED}, refused. Whoever moves it out of {@code WAITING}, the worker or the server that drains, owns the
 * connection from then on.
 */
final class Conversation implements Runnable {
    static final System.Logger LOG = System.getLogger("dev.thrum.engine");

    private enum State {
        WAITING,
        RUNNING,
        ENDED
    }

    private final Server server;
    private final Connection connection;
    private final ConnectionHandler handler;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.WAITING;

    /** The thread to interrupt; only while running, so that a worker's next conversation is never hit. */
    @GuardedBy("lock")
    private @Nullable Thread runner;

    @GuardedBy("lock")
    private boolean aborted;

    Conversation(Server server, Connection connection, ConnectionHandler handler) {
        this.server = server;
        this.connection = connection;
        this.handler = handler;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void run() {
        if (!leaveWaiting(State.RUNNING)) {
            return;
        }
        connection.waiting().beginNothing();
        try {
            converse();
        } finally {
            stopRunning();
            server.ended(this);
        }
    }

    /** Turns the client away, unless its conversation has begun. */
    void refuseIfWaiting(Refusal reason) {
        if (leaveWaiting(State.ENDED)) {
            connection.refuse(server.words(reason));
            server.ended(this);
        }
    }

    /** Ends the conversation from outside: its reads and writes fail, its thread is interrupted. */
    void abort() {
        connection.reset();
        lock.lock();
        try {
            aborted = true;
            if (runner != null) {
                runner.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    // A handler is other people's code: whatever it throws must reach neither the worker nor the loop below it.
    private void converse() {
        try {
            handler.handle(connection);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "connection " + connection.number() + " from " + connection.peer() + ": " + e);
        } catch (Throwable e) {
            // What a handler throws because its thread was interrupted is our doing.
            LOG.log(
                    isAborted() ? Level.DEBUG : Level.ERROR,
                    "the handler of connection " + connection.number() + " from " + connection.peer() + " failed",
                    e);
        }
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> "connection " + connection.number() + " could not be closed: " + e);
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
            runner = next == State.RUNNING ? Thread.currentThread() : null;
            return true;
        } finally {
            lock.unlock();
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
        // An interrupt meant for this conversation must not meet the worker's next one.
        Thread.interrupted();
    }
}
