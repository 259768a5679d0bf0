package dev.thrum.measure.load;

import dev.thrum.measure.Wires;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The connections of a load, numbered from 0: what each of them does, and for how long.
 *
 * <p>A connection that can't be opened, or that the server closes as soon as it is open, is tried again after a pause; others are
 * opened again at once. Owned by the thread of the load.
 */
final class Slots {
    /** The pause before a connection is tried again, in nanoseconds. */
    private static final long PAUSE = 100_000_000;

    /** What a connection does. */
    enum State {
        /** It waits to be tried again. */
        DOWN,
        CONNECTING,

        /** It waits until the server has spoken first. */
        GREETED,
        FREE,

        /** A part of a request has been sent. */
        SENDING,

        /** A request has been sent. */
        WAITING
    }

    private final Wires wires;
    private final Tally tally;
    private final State[] states;
    private final Reply[] replies;

    /** Whether a response has arrived since a connection was opened. */
    private final boolean[] useful;

    private final long[] openedAt;

    /** Those that wait for the server, which a timeout ends. */
    private final SlotQueue waiting;

    private final SlotQueue down;
    private final SlotQueue free;
    private long opened;
    private int least;

    Slots(int connections, LoadProtocol protocol, Wires wires, Tally tally) {
        this.wires = wires;
        this.tally = tally;
        states = new State[connections];
        Arrays.fill(states, State.DOWN);
        replies = Stream.generate(protocol::reply).limit(connections).toArray(Reply[]::new);
        useful = new boolean[connections];
        openedAt = new long[connections];
        waiting = new SlotQueue(connections);
        down = new SlotQueue(connections);
        free = new SlotQueue(connections);
        least = connections;
    }

    State state(int slot) {
        return states[slot];
    }

    Reply reply(int slot) {
        return replies[slot];
    }

    /** Begins to open a connection. */
    void open(int slot, long now) {
        useful[slot] = false;
        states[slot] = State.CONNECTING;
        waiting.add(slot, now);
        int failure = wires.open(slot);
        if (failure != 0) {
            lost(slot, failure, now);
        }
    }

    /** A connection that was being opened is ready. */
    void connected(int slot, long now) {
        int failure = wires.failure(slot);
        if (failure != 0) {
            lost(slot, failure, now);
            return;
        }
        opened++;
        openedAt[slot] = now;
        wires.watch(slot, false);
        if (replies[slot].isGreeted()) {
            states[slot] = State.GREETED;
        } else {
            release(slot, now);
        }
    }

    /** A connection can be used for the next request. */
    void release(int slot, long now) {
        waiting.remove(slot);
        states[slot] = State.FREE;
        free.add(slot, now);
    }

    /** Whether a connection is free. */
    boolean hasFree() {
        return !free.isEmpty();
    }

    /** The connection that has been free for the longest time. */
    int firstFree() {
        return free.first();
    }

    /** Since when a connection is free. */
    long freeSince(int slot) {
        return free.since(slot);
    }

    /** A request is being sent. */
    void use(int slot, long now) {
        free.remove(slot);
        waiting.add(slot, now);
        states[slot] = State.WAITING;
    }

    /** The rest of a request has to wait for room. */
    void stall(int slot) {
        states[slot] = State.SENDING;
        wires.watch(slot, true);
    }

    /** The whole request has been sent, after a wait. */
    void resume(int slot) {
        states[slot] = State.WAITING;
        wires.watch(slot, false);
    }

    /** A response has arrived on a connection. */
    void serve(int slot) {
        useful[slot] = true;
    }

    /** Closes a connection, and opens it again: at once, unless the server has closed it as soon as it was open. */
    void reopen(int slot, long now) {
        if (useful[slot] || now - openedAt[slot] >= PAUSE) {
            closeNow(slot);
            open(slot, now);
        } else {
            lost(slot, Errno.CLOSED, now);
        }
    }

    /** Closes a connection whose request was not answered in time, and opens it again at once. */
    void abandon(int slot, long now) {
        closeNow(slot);
        open(slot, now);
    }

    private void closeNow(int slot) {
        wires.close(slot);
        waiting.remove(slot);
        free.remove(slot);
    }

    /** A connection could not be opened. */
    void lost(int slot, int failure, long now) {
        closeNow(slot);
        states[slot] = State.DOWN;
        down.add(slot, now);
        tally.notConnected(failure);
        least = Math.min(least, there());
    }

    /** Opens connections again whose pause is over. */
    void retry(long now) {
        while (!down.isEmpty() && now - down.since(down.first()) >= PAUSE) {
            int slot = down.first();
            down.remove(slot);
            open(slot, now);
        }
    }

    /** When the first pause is over; {@code otherwise} if there is none. */
    long nextRetry(long otherwise) {
        return down.isEmpty() ? otherwise : down.since(down.first()) + PAUSE;
    }

    /** Whether a connection waits for the server for longer than this. */
    boolean isExpired(long now, long timeout) {
        return !waiting.isEmpty() && now - waiting.since(waiting.first()) >= timeout;
    }

    /** The connection that waits for the server for the longest time. */
    int firstWaiting() {
        return waiting.first();
    }

    /** When the first timeout is over; {@code otherwise} if nothing waits. */
    long nextTimeout(long timeout, long otherwise) {
        return waiting.isEmpty() ? otherwise : waiting.since(waiting.first()) + timeout;
    }

    /** The number of connections that wait for the server. */
    int pending() {
        return waiting.size();
    }

    /** The number of connections that are there. */
    int there() {
        return states.length - down.size();
    }

    /** From now on the least number of connections is that of the window. */
    void measure() {
        least = there();
    }

    LoadResult.Connects connects() {
        return new LoadResult.Connects(least, opened, tally.failedConnects());
    }
}
