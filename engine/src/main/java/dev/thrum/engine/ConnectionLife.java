package dev.thrum.engine;

import dev.thrum.engine.ConnectionHandler.Refusal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who carries a connection, what was agreed on in its handshake, how it ends, and what happens then. */
final class ConnectionLife {
    /** How long after the beginning of a drain a conversation waits for the next exchange, for requests in flight. */
    static final Duration DRAIN_GRACE = Duration.ofMillis(250);

    // Set before the connection is published, if a conversation carries it; on one that this side opens, after its
    // handshake, and so volatile.
    private volatile @Nullable Conversation conversation;

    // Set by the handler's thread before the handler begins and when it rests; null until then, while it rests, and on
    // connections without a handler.
    private volatile @Nullable Thread handler;

    // Written by the reaper's thread only, once; the owner checks whether it is present.
    private volatile Optional<Long> evictedAt = Optional.empty();

    // Both set by the thread that drains, once; the second after the first.
    private volatile long drainBegan;
    private volatile boolean draining;

    // Set once, by the thread that performs the handshake, when it is done; null on a connection that is not encrypted.
    private volatile @Nullable TlsInfo tls;

    // For the log: written by the owners, and by other threads that call hasEnded or offer messages.
    private volatile @Nullable Ending ending;

    // Set once, by compare-and-set.
    private final AtomicReference<@Nullable EndActions> actions = new AtomicReference<>();

    /** Records the conversation that carries the connection. */
    void carriedBy(Conversation carrier) {
        conversation = carrier;
    }

    Outbox.Bounds outboxBounds() {
        Conversation carrier = conversation;
        return carrier == null ? Outbox.Bounds.defaults() : carrier.outboxBounds();
    }

    /** The last message for a peer that reads too slowly. */
    byte[] lastWords() {
        Conversation carrier = conversation;
        return carrier == null ? new byte[0] : carrier.words(Refusal.SLOW_CONSUMER);
    }

    /** Records the thread that runs the handler; null while it rests. */
    void handledBy(@Nullable Thread thread) {
        handler = thread;
    }

    /** Whether its conversation comes in exchanges, so that it may rest between them. */
    boolean comesInExchanges() {
        Conversation carrier = conversation;
        return carrier != null && carrier.comesInExchanges();
    }

    /** What the handler does, if its protocol tells; any thread may ask. */
    Optional<ExchangeHandler.Activity> activity() {
        Conversation carrier = conversation;
        return carrier == null ? Optional.empty() : carrier.activity();
    }

    /** The thread that runs the handler, if one does. */
    Optional<Thread> handler() {
        return Optional.ofNullable(handler);
    }

    /** Whether this thread runs the handler. */
    boolean isHandledBy(Thread thread) {
        return thread.equals(handler);
    }

    /** Its server drains, from this reading of the clock on. */
    void drain(long now) {
        drainBegan = now;
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    /** The later one of this reading of the clock and the beginning of the drain. */
    long laterOfDrain(long instant) {
        return drainBegan - instant > 0 ? drainBegan : instant;
    }

    /** Reaper only. */
    void evict(long now) {
        evictedAt = Optional.of(now);
    }

    /** Whether the conversation was evicted, because others wait for its thread. */
    boolean isEvicted() {
        return evictedAt.isPresent();
    }

    /** Whether it was evicted within the grace period. Reaper only. */
    boolean isLeaving(long now, Duration grace) {
        return evictedAt.isPresent() && now - evictedAt.get() < grace.toNanos();
    }

    /** Records what was agreed on in the handshake. */
    void encrypted(TlsInfo agreed) {
        tls = agreed;
    }

    /** What was agreed on, once the handshake is done. */
    Optional<TlsInfo> tls() {
        return Optional.ofNullable(tls);
    }

    /** The last cause in the list counts: a peer that has ended its half may also not read. */
    void note(Ending how) {
        Ending known = ending;
        if (known == null || known.cause().compareTo(how.cause()) < 0) {
            ending = how;
        }
    }

    /** How reading or writing ended, if it has. */
    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /**
     * Runs an action when the conversation has ended, or, on a connection without one, when it is closed.
     *
     * @return false if it has ended already; the action does not run then
     */
    boolean atEnd(Runnable action) {
        EndActions known = actions.get();
        if (known == null) {
            EndActions made = new EndActions();
            EndActions winner = actions.compareAndExchange(null, made);
            known = winner == null ? made : winner;
        }
        return known.add(action);
    }

    /** Withdraws an action. */
    void notAtEnd(Runnable action) {
        EndActions known = actions.get();
        if (known != null) {
            known.remove(action);
        }
    }

    /** The conversation has ended. */
    void ended() {
        EndActions known = actions.compareAndExchange(null, EndActions.RUN);
        if (known != null) {
            known.run();
        }
    }

    /** The connection was closed. */
    void endedUnlessCarried() {
        if (conversation == null) {
            ended();
        }
    }
}
