package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.ThreadTraits;
import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A server: one listening address, its protocol and its conversations.
 *
 * <p>Life: {@code LISTENING}, then {@code DRAINING} (accepts no client, conversations go on), then {@code CLOSED}.
 * Safe for concurrent use.
 */
public final class Server implements AutoCloseable {
    private enum State {
        LISTENING,
        DRAINING,
        CLOSED
    }

    private final Engine engine;
    private final EngineBackend backend;
    private final ConnectionHandler handler;
    private final Limits limits;

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private State state = State.LISTENING;

    /**
     * Whether the listener may still hand in clients; true until it has stopped, a little longer than the state
     * LISTENING.
     */
    @GuardedBy("lock")
    private boolean accepting = true;

    @GuardedBy("lock")
    private final Set<Conversation> conversations = new LinkedHashSet<>();

    /** Whether a conversation was ended from outside. */
    @GuardedBy("lock")
    private boolean cut;

    /**
     * Completed with true when nothing is accepted any more and the last conversation has ended, with false when the
     * server is closed while a handler still ignores its interrupt.
     */
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();

    private final CountDownLatch closed = new CountDownLatch(1);

    // Set once, by bind, before the server is published.
    private EngineBackend.@Nullable Listener listener;

    Server(Engine engine, EngineBackend backend, ConnectionHandler handler, Limits limits) {
        this.engine = engine;
        this.backend = backend;
        this.handler = handler;
        this.limits = limits;
    }

    void bind(InetSocketAddress address) throws IOException {
        listener = backend.listen(address, this::admit);
    }

    /** The address with the actual port. */
    public InetSocketAddress address() {
        return listener().address();
    }

    /** The number of current conversations, including those that wait for a worker. */
    public int conversations() {
        lock.lock();
        try {
            return conversations.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops accepting and lets running conversations finish; those still running at the deadline are reset and their
     * threads interrupted.
     *
     * @return whether all finished by themselves
     */
    public boolean shutdown(Duration deadline) {
        beginDrain();
        boolean clean = awaitDrained(deadline);
        abortAll();
        settle(Engine.patience());
        return clean;
    }

    /** Waits for aborted conversations; then the server is closed, whether they have ended or not. */
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
        closed.countDown();
    }

    /** Waits until this server is closed. */
    public void awaitClosed() throws InterruptedException {
        closed.await();
    }

    /** Ends every conversation at once. Idempotent. */
    @Override
    public void close() {
        shutdown(Duration.ZERO);
    }

    boolean isClosed() {
        lock.lock();
        try {
            return state == State.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /** Stops accepting and refuses clients that still wait for a worker, so that only running conversations remain. */
    void beginDrain() {
        List<Conversation> all;
        lock.lock();
        try {
            if (state != State.LISTENING) {
                return;
            }
            state = State.DRAINING;
            all = List.copyOf(conversations);
        } finally {
            lock.unlock();
        }
        // Set before the port closes: whoever finds the port closed can rely on it.
        all.forEach(conversation -> conversation.connection().drain());
        listener().close();
        lock.lock();
        try {
            accepting = false;
        } finally {
            lock.unlock();
        }
        all.forEach(conversation ->
                conversation.refuseIfWaiting(Refusal.DRAINING, ConnectionLog.words(Refusal.DRAINING, limits)));
        if (!all.isEmpty()) {
            // A conversation that begins to wait for an exchange from now on sees the drain and waits no longer than
            // this.
            engine.clock().schedule(Connection.DRAIN_GRACE, () -> all.forEach(Conversation::endBetweenExchanges));
        }
        completeIfDrained();
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
        List<Conversation> running;
        lock.lock();
        try {
            running = List.copyOf(conversations);
            cut |= !running.isEmpty();
        } finally {
            lock.unlock();
        }
        running.forEach(Conversation::abort);
    }

    /** Begins a conversation, or refuses it; called by the listener and never blocks. */
    private void admit(Wire wire) {
        Optional<Refusal> refusal = engine.registry().enter(wire.peer(), limits);
        if (refusal.isPresent()) {
            wire.finish(words(refusal.get(), wire.peer()));
            ConnectionLog.refused(wire, refusal.get(), limits);
            return;
        }
        Conversation conversation = conversation(wire);
        Refusal why = Refusal.NO_WORKER;
        String words = ConnectionLog.words(why, limits);
        boolean started = false;
        try {
            if (register(conversation)) {
                backend.start(wire, conversation);
                started = true;
            } else {
                why = Refusal.DRAINING;
                words = ConnectionLog.words(why, limits);
            }
        } catch (RejectedExecutionException e) {
            Conversation.LOG.log(Level.TRACE, "no worker", e);
        } catch (OutOfMemoryError e) {
            Conversation.LOG.log(Level.WARNING, "a client is refused because no thread can be started", e);
            words = "no thread can be started";
        } finally {
            if (!started) {
                conversation.refuseIfWaiting(why, words);
            }
        }
        if (backend.waiting() > 0) {
            conversation.boundWait(limits.deadlines().read());
        }
    }

    /** The place in the registry is taken already; it must be given back if there is no memory for a conversation. */
    private Conversation conversation(Wire wire) {
        boolean made = false;
        try {
            Connection connection =
                    new Connection(engine, wire, engine.registry().nextNumber(), Side.SERVED, limits.deadlines());
            Conversation conversation = new Conversation(this, connection, handler);
            engine.registry().add(connection);
            made = true;
            return conversation;
        } finally {
            if (!made) {
                engine.registry().leave(wire.peer());
            }
        }
    }

    private boolean register(Conversation conversation) {
        lock.lock();
        try {
            return conversations.add(conversation) && state == State.LISTENING;
        } finally {
            lock.unlock();
        }
    }

    void withdraw(Conversation conversation) {
        backend.withdraw(conversation);
    }

    Limits limits() {
        return limits;
    }

    Clock clock() {
        return engine.clock();
    }

    /** The refusal that the protocol sends to a client it can't serve; empty if the protocol fails to make one. */
    byte[] words(Refusal reason, InetSocketAddress peer) {
        ThreadTraits before = ThreadTraits.ofCurrent();
        try {
            return Objects.requireNonNull(
                    handler.refusal(reason, peer), "expected the bytes of a refusal but was null");
        } catch (RuntimeException | Error e) {
            Conversation.LOG.log(Level.ERROR, "the protocol failed to refuse a client", e);
            failed(e);
            return new byte[0];
        } finally {
            // Acceptors and timers run this: a changed name or a pending interrupt must not reach the next client.
            before.restore();
        }
    }

    /** A handler has failed with an exception that is not an I/O failure. */
    void failed(Throwable cause) {
        backend.failed(cause);
    }

    /** Called last by a conversation that ends. */
    void ended(Conversation conversation) {
        engine.registry().leave(conversation.connection().peer());
        lock.lock();
        try {
            conversations.remove(conversation);
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
            done = !accepting && conversations.isEmpty();
            byItself = !cut;
        } finally {
            lock.unlock();
        }
        if (done) {
            drained.complete(byItself);
        }
    }

    private EngineBackend.Listener listener() {
        return Objects.requireNonNull(listener, "expected a bound server");
    }
}
