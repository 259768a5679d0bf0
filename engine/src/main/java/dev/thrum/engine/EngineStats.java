package dev.thrum.engine;

import java.time.Duration;
import java.util.Optional;

/**
 * Counters of an engine over all its servers, as {@link Engine#stats} reports them.
 *
 * @param serving clients that are connected now, including those that wait for a worker
 * @param waiting conversations that wait for a worker (engine {@code threads})
 * @param resting clients that wait for their next exchange without a thread
 * @param accepted clients admitted since the engine was opened
 * @param refused clients refused since then because a limit was reached
 * @param bytesIn bytes received since then, by servers and clients
 * @param bytesOut bytes handed to the network since then, by servers and clients
 * @param messagesWaiting messages in outboxes now
 * @param messagesDropped messages of outboxes dropped since then: for want of room, or because their connection ended
 * @param slowConsumers clients disconnected since then because their outbox was full
 */
public record EngineStats(
        int serving,
        int waiting,
        int resting,
        long accepted,
        long refused,
        long bytesIn,
        long bytesOut,
        long messagesWaiting,
        long messagesDropped,
        long slowConsumers) {
    /** Clients that hold a thread now. */
    public int running() {
        return Math.max(0, serving - waiting - resting);
    }

    /**
     * An event loop, as {@link Engine#loops} reports it.
     *
     * @param name of its thread
     * @param connections the number of its connections
     * @param lag how long a new task waits for its turn. If it got none within a second: how long the loop has been running
     *     one task, at least
     * @param keeper the thread that has not let go of the loop for a second
     */
    public record Loop(String name, int connections, Duration lag, Optional<Thread> keeper) {}

    /**
     * A handler that holds a thread, as {@link Engine#handlers} reports it.
     *
     * @param connection the number of its connection
     * @param thread the thread that runs the handler
     * @param waitingFor what it waits for, of its peer
     * @param exchange what it does, if its protocol tells, such as {@code GET /users/{id}}; else empty
     * @param busy how long it has been doing that; if its protocol does not tell, how long it has neither waited for its peer
     *     nor moved a byte, as far as the engine has seen, which looks ten times a second
     */
    public record Handler(
            long connection, Thread thread, ConnectionInfo.Waiting waitingFor, String exchange, Duration busy) {}

    /** What has ended the rest of a connection ({@link ExchangeHandler}). */
    public enum WakeUp {
        /** The first byte of an exchange. */
        INPUT,
        /** The peer has ended the stream. */
        END,
        /** A deadline has passed. */
        DEADLINE,
        /** The server drains. */
        DRAIN,
        /** A task of one of its timers is due. */
        TIMER,
        /** The connection was reset, by its peer or on this side. */
        RESET,
        /** Nothing: it rests again, or waits. */
        FALSE_ALARM
    }
}
