package dev.thrum.engine;

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
