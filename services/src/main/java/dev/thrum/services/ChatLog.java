package dev.thrum.services;

/**
 * A log that all servers of one chat share. It brings the events of all of them into one order, and each server applies
 * them in this order to a copy of the chat of its own (Schneider, "Implementing Fault-Tolerant Services Using the State
 * Machine Approach", ACM Computing Surveys 22(4), 1990). So names, rooms and the order of lines are the same everywhere.
 *
 * <p>Events are lines of text that mean something to the chat alone. Safe for concurrent use.
 */
public interface ChatLog {
    /** What has become of an event. */
    enum Outcome {
        /** It has been applied on this server. */
        DONE,
        /** The log could not be reached while it was appended: it will be applied as soon as that is possible, once. */
        LATER,
        /** The log can't be reached: it was not appended, and will not be. */
        REFUSED
    }

    /** The copy of the chat on one server. The log calls it from one thread at a time. */
    interface Replica {
        /** Begins anew with a state that {@link #state} of some server has returned; empty for a chat without clients. */
        void restore(String state);

        /**
         * Applies an event.
         *
         * @param server the number of the server that has appended it
         * @param own whether that is this server
         */
        void apply(long server, boolean own, String event);

        /** Another server has ended: its clients leave. */
        void gone(long server);

        /** The state after the events that were applied until now. */
        String state();

        /**
         * Others have had to believe that this server has ended, because it could not reach the log: its clients have left
         * for everybody else. It lets them go; a call of {@link #restore} follows.
         */
        void cutOff();
    }

    /**
     * Begins: restores the replica, and then applies all events to it, until the log is closed.
     *
     * @throws RuntimeException if the log can't be reached
     */
    void follow(Replica replica);

    /**
     * Appends an event, and waits until it has been applied on this server, or the log can't be reached.
     *
     * @throws InterruptedException if the thread is interrupted; the event may have been appended or not
     */
    Outcome append(String event) throws InterruptedException;

    /**
     * Appends the last event of a client as soon as possible, even if the log can't be reached now. Waits a few seconds at
     * most until it has been applied.
     */
    void appendLast(String event);
}
