package dev.thrum.engine;

import dev.thrum.engine.ConnectionHandler.Refusal;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.EngineBackend;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A server: one listening address, its protocol and its conversations.
 *
 * <p>Life: it listens, then drains (accepts no client, conversations go on), then is closed. Safe for concurrent use.
 */
public final class Server implements AutoCloseable {
    private final Engine engine;
    private final EngineBackend backend;
    private final ConnectionHandler handler;
    private final Limits limits;

    /** What encrypts its connections; null if nothing does. */
    private final Encryption.@Nullable Server encryption;

    private final Conversations conversations;
    private final CountDownLatch closed = new CountDownLatch(1);

    // Set once, by bind, before the server is published.
    private EngineBackend.@Nullable Listener listener;

    Server(
            Engine engine,
            EngineBackend backend,
            ConnectionHandler handler,
            Limits limits,
            Encryption.@Nullable Server encryption) {
        this.engine = engine;
        this.backend = backend;
        this.handler = handler;
        this.limits = limits;
        this.encryption = encryption;
        this.conversations = new Conversations(engine, limits.outbox());
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
        return conversations.size();
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
        conversations.settle(patience);
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
        return conversations.isClosed();
    }

    /** Stops accepting and refuses clients that still wait for a worker, so that only running conversations remain. */
    void beginDrain() {
        // Before the port closes: whoever finds the port closed can rely on it.
        if (!conversations.beginDrain()) {
            return;
        }
        listener().close();
        conversations.stop();
        conversations.refuseWaiting(Refusal.DRAINING, ConnectionLog.words(Refusal.DRAINING, limits));
    }

    /** Waits, at most this long, until the last conversation has ended; returns whether all ended by themselves. */
    boolean awaitDrained(Duration deadline) {
        return conversations.awaitDrained(deadline);
    }

    /** Ends every conversation that still runs. */
    void abortAll() {
        conversations.abortAll();
    }

    /** Begins a conversation, or refuses it; called by the listener and never blocks. */
    private void admit(Wire accepted) {
        // A wire that encrypts refuses a client by an alert, and never in clear text.
        Wire wire = encryption == null ? accepted : encryption.over(accepted, engine.clock());
        Optional<Refusal> refusal = engine.registry().enter(wire.peer(), limits);
        if (refusal.isPresent()) {
            wire.finish(conversations.words(handler, refusal.get(), wire.peer()));
            ConnectionLog.refused(wire, refusal.get(), limits);
            return;
        }
        Conversation conversation = conversation(wire);
        Refusal why = Refusal.NO_WORKER;
        String words = ConnectionLog.words(why, limits);
        boolean started = false;
        try {
            if (conversations.add(conversation) && !conversation.connection().isDraining()) {
                if (conversation.mayBeginResting()) {
                    conversation.beginResting();
                } else {
                    backend.start(accepted, conversation);
                }
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
            Conversation conversation = new Conversation(conversations, connection, handler);
            engine.registry().add(connection);
            made = true;
            return conversation;
        } finally {
            if (!made) {
                engine.registry().leave(wire.peer());
            }
        }
    }

    private EngineBackend.Listener listener() {
        return Objects.requireNonNull(listener, "expected a bound server");
    }
}
