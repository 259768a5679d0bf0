package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.engine.spi.SecureWire;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of an encrypted connection: a step of its own, before its handler begins, with one deadline for all that both
 * sides send. Owned by the thread that owns both halves of the connection.
 */
record Handshake(Connection connection, SecureWire wire) {
    /** Performs the handshake of this connection, if it is an encrypted one. */
    static void of(Connection connection) throws IOException {
        if (connection.wire() instanceof SecureWire secure) {
            new Handshake(connection, secure).perform();
        }
    }

    /** The wait for the handshake that begins now; if the server drains, it is short. */
    WaitState.Wait begun() {
        long now = connection.clock().nanoTime();
        if (connection.isDraining()) {
            wire.handshakeBy(connection.life().laterOfDrain(now) + ConnectionLife.DRAIN_GRACE.toNanos());
        }
        return WaitState.Wait.of(Waiting.HANDSHAKE, now, wire.handshakeDeadline());
    }

    private void perform() throws IOException {
        WaitState.Wait wait = begun();
        WaitState waiting = connection.waiting();
        connection.begin(waiting, wait);
        int result;
        try {
            result = wire.handshake(this::runAside);
        } catch (IOException | RuntimeException | Error e) {
            boolean ended = waiting.end();
            if (e instanceof IOException broken) {
                if (ended) {
                    throw overdue(wait);
                }
                connection.noteBroken(broken);
            }
            throw e;
        }
        if (waiting.end() || result == Wire.EXPIRED || (result == Wire.END && connection.isDraining())) {
            throw overdue(wait);
        }
        if (result == Wire.END) {
            connection.life().note(Ending.PEER_ENDED);
            throw new EOFException("expected a TLS handshake but the peer has ended the connection");
        }
        // Once, and not at each question: it asks the provider, which answers by an exception if the peer is anonymous.
        connection.life().encrypted(TlsInfo.of(wire));
    }

    /**
     * Runs a computation of the handshake where it delays no other connection, and waits for its end, even if this thread is
     * interrupted meanwhile: nobody else may use the wire before.
     */
    private void runAside(Runnable computation) {
        FutureTask<@Nullable Void> task = new FutureTask<>(computation, null);
        boolean interrupted = false;
        try {
            connection.engine().offload(Executors.callable(task));
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (RejectedExecutionException e) {
            Conversation.LOG.log(Level.DEBUG, "a handshake is computed on its own thread", e);
        } catch (Exception e) {
            throw new IllegalStateException("expected no failure of a task that keeps its own", e);
        }
        // Does nothing if another thread has begun it.
        task.run();
        while (!hasEnded(task)) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (task.state() == Future.State.FAILED) {
            throw new IllegalStateException("the provider of TLS failed", task.exceptionNow());
        }
    }

    /** Waits for the end of a task; returns false if this thread was interrupted before. */
    private static boolean hasEnded(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            return false;
        } catch (ExecutionException e) {
            // Its state says so.
        }
        return true;
    }

    /** It has taken too long, or as long as it may when the server drains: then the client is told by an alert. */
    private IOException overdue(WaitState.Wait wait) {
        if (connection.isDraining()) {
            connection.life().note(Ending.late(Ending.Cause.DRAINED));
            return new EOFException("expected a TLS handshake but the server drains");
        }
        connection.life().note(Ending.late(Ending.Cause.HANDSHAKE));
        connection.reset();
        return new DeadlineException(
                Kind.HANDSHAKE, Duration.ofNanos(Math.max(0, connection.clock().nanoTime() - wait.since())));
    }
}
