package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The input of a connection, below its {@link ByteReader}: its owner, its waits and its deadlines. */
final class InputHalf {
    private final Connection connection;
    private final Ownership ownership;
    private final WaitState waiting = WaitState.ofInput();

    // Written by the owner only, with lazySet, for readers of the registry.
    private volatile long bytes;

    private static final AtomicLongFieldUpdater<InputHalf> BYTES =
            AtomicLongFieldUpdater.newUpdater(InputHalf.class, "bytes");

    // Owned by the owner: a read deadline has passed, so this side has ended the input and not the peer.
    private boolean expired;

    // Set by any thread, cleared by the owner.
    private volatile boolean woken;

    // Owned by the owner.
    private @Nullable ConnectionTimers timers;

    InputHalf(Connection connection, Ownership ownership) {
        this.connection = connection;
        this.ownership = ownership;
    }

    Ownership ownership() {
        return ownership;
    }

    WaitState waiting() {
        return waiting;
    }

    long bytes() {
        return bytes;
    }

    int available() throws IOException {
        return expired || connection.isClosed() ? 0 : connection.wire().available();
    }

    boolean isQuiet() throws IOException {
        return !expired && !connection.isClosed() && connection.wire().isQuiet();
    }

    /** See {@link Connection#hasEnded}. */
    boolean hasEnded() throws IOException {
        ownership.requireUnused(waiting.current().isForInput());
        if (connection.isClosed() || expired || !connection.wire().hasEnded()) {
            return connection.isClosed();
        }
        connection.life().note(Ending.PEER_ENDED);
        return true;
    }

    /** The timers, made at the first use; called by the owner. */
    ConnectionTimers timers() {
        ownership.require();
        ConnectionTimers known = timers;
        if (known == null) {
            known = new ConnectionTimers(connection);
            timers = known;
            if (!connection.life().atEnd(known::end)) {
                known.end();
            }
        }
        return known;
    }

    /** Whether a wait for input may have to run tasks of timers. */
    boolean hasTimers() {
        return timers != null;
    }

    /** Whether tasks are due, as a condition that ends a wait. */
    BooleanSupplier tasksAreDue() {
        return timers == null ? InputHalf::never : this::hasDueTasks;
    }

    private static boolean never() {
        return false;
    }

    boolean hasDueTasks() {
        return timers != null && timers.isDue();
    }

    /** Runs the tasks that are due; called by the owner. */
    void runDueTasks() throws IOException {
        if (timers != null) {
            timers.runDue();
        }
    }

    /** Ends the owner's current or next {@link #await}. */
    void wake() {
        woken = true;
        // A wait for an exchange or a handshake does not end by this, so it costs a resting connection no thread.
        Waiting what = waiting.what();
        if (what != Waiting.EXCHANGE && what != Waiting.HANDSHAKE) {
            connection.wire().wake();
        }
    }

    /** Whether it was woken since the last call; called by the owner. */
    boolean takeWoken() {
        boolean was = woken;
        if (was) {
            woken = false;
        }
        return was;
    }

    /** Whether it was woken since {@link #takeWoken}. */
    boolean isCalled() {
        return woken;
    }

    /**
     * Waits until there is input or the end of the stream, at most this long, and no longer than until a task is due;
     * none of this changes anything.
     *
     * @param wait the whole wait, of which this may be a part
     * @param wakes whether {@link #wake} ends it
     * @return whether {@link #receive} would not wait
     */
    boolean await(WaitState.Wait wait, Duration patience, boolean wakes) throws IOException {
        connection.begin(waiting, wait);
        boolean ready;
        try {
            ready = connection.wire().awaitInput(patience, () -> (wakes && woken) || hasDueTasks());
        } catch (IOException e) {
            connection.noteBroken(e);
            throw e;
        } finally {
            expired |= waiting.end();
        }
        return ready || expired;
    }

    /** Reads from the wire into a buffer that it obtains, if possible, only when there are bytes to read. */
    interface Room {
        int receiveFrom(Wire from, long deadline) throws IOException;
    }

    /**
     * Waits for bytes; returns how many, or {@link Wire#END} or {@link Wire#EXPIRED}; or {@link Wire#RESTS}, and then the
     * wait goes on until {@link #endWait}.
     */
    int receive(Room room, WaitState.Wait wait) throws IOException {
        connection.begin(waiting, wait);
        int count = 0;
        try {
            count = room.receiveFrom(connection.wire(), wait.deadline());
        } catch (IOException e) {
            connection.noteBroken(e);
            throw e;
        } finally {
            if (count != Wire.RESTS) {
                endWait();
            }
        }
        if (count == Wire.RESTS) {
            return count;
        }
        if (connection.isInputShut() && count == Wire.EXPIRED) {
            return Wire.END;
        }
        expired |= count == Wire.EXPIRED;
        if (count > 0) {
            BYTES.lazySet(this, bytes + count);
            return count;
        }
        if (expired) {
            connection.life().note(ending(wait));
        } else if (!connection.isInputShut()) {
            connection.life().note(Ending.PEER_ENDED);
        }
        return expired ? Wire.EXPIRED : count;
    }

    /** Ends the current wait; called by the owner, or by the thread that has found that a resting connection must go on. */
    void endWait() {
        expired |= waiting.end();
    }

    /** The connection rests no longer, but waits for a thread; called once by the thread that has found that. */
    void wakeFromRest() {
        endWait();
        waiting.begin(WaitState.Wait.of(Waiting.WORKER, connection.clock().nanoTime(), 0));
    }

    /** Whether the connection waits for its next exchange without a thread. */
    boolean isResting() {
        return isBetweenExchanges(waiting.current())
                && connection.life().handler().isEmpty();
    }

    /** Whether the engine waits for the next exchange in this wait, and not the handler. */
    boolean isBetweenExchanges(WaitState.Wait wait) {
        return wait.what() == Waiting.EXCHANGE && connection.life().comesInExchanges();
    }

    /** How the connection ends whose deadline passed in this wait. */
    private Ending ending(WaitState.Wait wait) {
        if (!wait.isForMessage()) {
            return Ending.late(Ending.Cause.HALF_A_MESSAGE);
        }
        Ending.Cause cause = Ending.Cause.IDLE;
        if (connection.life().isEvicted()) {
            cause = Ending.Cause.IDLE_UNDER_LOAD;
        } else if (connection.isDraining() && wait.what() == Waiting.EXCHANGE) {
            cause = Ending.Cause.DRAINED;
        }
        return Ending.idle(cause, connection.clock().nanoTime() - wait.since());
    }
}
