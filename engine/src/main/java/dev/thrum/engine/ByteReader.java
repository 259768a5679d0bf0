package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiving half of a connection: reads a byte, a line, n bytes, or whatever has arrived; each call blocks until
 * that is available.
 *
 * <p>Protocols are pull parsers over this class: the waiting thread is their state machine. Before a call waits, the
 * buffered output of the {@link ByteWriter} is sent, unless another thread may own the output
 * ({@link Connection#releaseOutput}).
 *
 * <p>Deadlines: the wait for the first byte of a unit (a line, a block, available bytes) is bounded by
 * {@link Limits.Deadlines#idle}, the rest of the unit as a whole by {@link Limits.Deadlines#read}, so that a client
 * can't hold a connection by sending a byte now and then. A protocol whose messages have several units sets a
 * {@link #deadline} of its own. When one passes, the call throws a {@link DeadlineException}.
 *
 * <p>Owned by the owner of the connection's input; not safe for concurrent use.
 */
public final class ByteReader extends InputBuffer {
    private final Connection connection;
    private final InputHalf half;
    private final Ownership own;

    // All owned by the input's owner.
    private boolean ended;
    private @Nullable DeadlineException expired;
    private boolean unitTimed;
    private long unitDeadline;
    private boolean messageTimed;
    private long messageDeadline;
    /** Whether nothing has arrived over one or more waits that were not final, and since when. */
    private boolean idle;

    private long idleSince;

    /** The result of a wait that is not final. */
    public enum Arrival {
        /** There is input to read. */
        INPUT,
        /** The peer has ended the stream. */
        END,
        /** The time has passed; the peer may still send. */
        NOTHING,
        /** Another thread has called {@link Connection#wake}. */
        WOKEN
    }

    /** What the wait for the next exchange finds. */
    enum Next {
        /** Its first byte. */
        EXCHANGE,
        /** The end of the stream, or of the conversation because the server drains. */
        END,
        /** Tasks of timers, which have run. */
        TASKS,
        /** Nothing: the connection should rest, and the wait goes on meanwhile. */
        REST
    }

    ByteReader(Connection connection, InputHalf half) {
        this.connection = connection;
        this.half = half;
        this.own = half.ownership();
    }

    /**
     * Waits for the first byte of the next message without reading it.
     *
     * @return false if the peer has ended the stream instead
     */
    public boolean await() throws IOException {
        own.require();
        return position < limit || fill(Waiting.MESSAGE);
    }

    /**
     * Waits for the first byte of the next message like {@link #await()}, but at most this long, and no longer than until
     * another thread calls {@link Connection#wake}. That either happens is a result and ends nothing: a program can do
     * something else and wait again. The idle deadline stays final, and runs over all such waits until something arrives.
     *
     * @param patience rounded up to a millisecond on some engines; zero or less checks without waiting
     * @throws DeadlineException if nothing has arrived within the idle deadline, or within {@link #deadline}
     */
    public Arrival await(Duration patience) throws IOException {
        own.require();
        if (half.takeWoken()) {
            return Arrival.WOKEN;
        }
        if (position < limit || ended || expired != null) {
            return arrived();
        }
        long begun = connection.clock().nanoTime();
        WaitState.Wait wait = waitFrom(begun, Waiting.MESSAGE);
        long patienceEnds = begun + Clock.nanos(patience);
        boolean last = wait.deadline() - patienceEnds <= 0;
        if (awaitRunningTasks(wait, last ? wait.deadline() : patienceEnds, true)) {
            return arrived();
        }
        if (half.takeWoken()) {
            return Arrival.WOKEN;
        }
        // The idle deadline is final: let it end the wait.
        return last ? arrived() : Arrival.NOTHING;
    }

    private Arrival arrived() throws IOException {
        return await() ? Arrival.INPUT : Arrival.END;
    }

    /**
     * Waits for input until this time and runs the tasks that become due meanwhile.
     *
     * @param wakes whether {@link Connection#wake} ends the wait too
     * @return whether there is input
     */
    private boolean awaitRunningTasks(WaitState.Wait wait, long until, boolean wakes) throws IOException {
        while (true) {
            half.runDueTasks();
            connection.flushBeforeWaiting();
            long left = until - connection.clock().nanoTime();
            if (half.await(wait, Duration.ofNanos(Math.max(0, left)), wakes)) {
                return true;
            }
            idle = wait.isForMessage();
            idleSince = wait.since();
            boolean late = until - connection.clock().nanoTime() <= 0;
            if (late || (wakes && half.isCalled())) {
                return false;
            }
        }
    }

    /**
     * Waits until the peer has ended or broken the stream, at most this long, for code that only writes. No deadline
     * applies. Input does not end the wait and stays unread: up to 64 KiB are read ahead, to find the end after them; after
     * more than that only an end is found that the engine knows without reading.
     *
     * @return {@code END}, {@code WOKEN} or {@code NOTHING}
     * @throws IOException if this side has closed the connection, or the thread was interrupted
     */
    public Arrival awaitEnd(Duration patience) throws IOException {
        own.require();
        return half.takeWoken() ? Arrival.WOKEN : new EndWait(connection, this, half, patience).await();
    }

    /** Waits for input and reads it after the unread bytes. */
    Arrival readAhead(WaitState.Wait wait, long until) throws IOException {
        if (ended || expired != null) {
            return Arrival.END;
        }
        if (position == limit) {
            giveBackTo(connection.wire());
        }
        if (!awaitRunningTasks(wait, until, true)) {
            return Arrival.NOTHING;
        }
        int count = half.receive(this::fillFrom, wait);
        limit += Math.max(0, count);
        ended = count < 0;
        return ended ? Arrival.END : Arrival.INPUT;
    }

    /**
     * Waits like {@link #await()}, for protocols that may end between two exchanges. While the server drains it waits
     * only briefly, for a request that is in flight.
     *
     * @return false if the peer has ended the stream, or the server drains and nothing arrived
     */
    public boolean awaitExchange() throws IOException {
        own.require();
        try {
            return position < limit || fill(Waiting.EXCHANGE);
        } catch (DeadlineException e) {
            if (connection.isDraining()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Waits like {@link #awaitExchange}, but returns when tasks of timers have run.
     *
     * @param mayRest whether the connection may rest, if its wire prefers that
     */
    Next awaitNext(boolean mayRest) throws IOException {
        own.require();
        if (position < limit) {
            return Next.EXCHANGE;
        }
        boolean rests = mayRest && connection.wire().mayRest(half.hasTimers());
        try {
            if (rests || half.hasTimers()) {
                return awaitNextOrTasks(rests);
            }
            return fill(Waiting.EXCHANGE) ? Next.EXCHANGE : Next.END;
        } catch (DeadlineException e) {
            if (connection.isDraining()) {
                return Next.END;
            }
            throw e;
        }
    }

    /**
     * Whether the end of the stream, once found, may not be the peer's: an encrypted stream has ended without the word that
     * ends it ({@code close_notify}), so it may have been cut on the way. A message that lasts until the end is incomplete
     * then.
     */
    public boolean isTruncated() {
        return connection.wire().isTruncated();
    }

    /** Begins to wait for the first exchange, without a thread; returns the deadline. */
    long beginResting() {
        idle = true;
        idleSince = connection.clock().nanoTime();
        WaitState.Wait wait = waitFrom(idleSince, Waiting.EXCHANGE);
        half.waiting().begin(wait);
        return wait.deadline();
    }

    private Next awaitNextOrTasks(boolean rests) throws IOException {
        if (!half.hasDueTasks()) {
            // RESTS if tasks are due, or the connection should rest.
            int count = receive(rests ? this::fillOrRest : this::fillOrRunTasks, Waiting.EXCHANGE, false);
            if (count >= 0) {
                limit += count;
                return Next.EXCHANGE;
            }
            if (count == Wire.END) {
                return Next.END;
            }
            if (!half.hasDueTasks()) {
                return Next.REST;
            }
            half.endWait();
        }
        half.runDueTasks();
        return Next.TASKS;
    }

    private int fillOrRest(Wire wire, long deadline) throws IOException {
        return fillOrRest(wire, half.tasksAreDue(), deadline);
    }

    private int fillOrRunTasks(Wire wire, long deadline) throws IOException {
        Duration left =
                Duration.ofNanos(Math.max(0, deadline - connection.clock().nanoTime()));
        boolean there = wire.awaitInput(left, half.tasksAreDue());
        return there || !half.hasDueTasks() ? fillFrom(wire, deadline) : Wire.RESTS;
    }

    /** Reads one byte, 0 to 255, or -1 at the end of the stream. */
    public int read() throws IOException {
        return await() ? buffer[position++] & 0xff : -1;
    }

    /**
     * Reads available bytes, at least one and at most {@code length}; for protocols without a terminator.
     *
     * @return how many bytes were read, or -1 at the end of the stream
     */
    public int readAvailable(byte[] target, int offset, int length) throws IOException {
        own.require();
        unitTimed = false;
        int count = take(target, offset, length);
        if (count == 0 && length > 0) {
            return receive(target, offset, length, Waiting.MESSAGE);
        }
        return count < length ? count + more(target, offset + count, length - count) : count;
    }

    /**
     * Reads further bytes that are available; if that fails, the next call reports it, and the bytes read before are
     * not lost.
     */
    private int more(byte[] target, int offset, int length) {
        try {
            return half.available() > 0 ? Math.max(0, receive(target, offset, length, Waiting.INPUT)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** The number of bytes that can be read now without waiting. */
    public int available() throws IOException {
        own.require();
        return limit - position + half.available();
    }

    /**
     * The buffer, whose bytes from {@link #position} to {@link #limit} are unread: a parser examines them in place
     * and then {@link #skip}s them. It must not change them. The array and both positions are valid until the next
     * call that may wait.
     */
    public byte[] array() {
        own.require();
        return buffer;
    }

    /** The index in {@link #array} of the first unread byte. */
    public int position() {
        own.require();
        return position;
    }

    /** The index in {@link #array} after the last unread byte. */
    public int limit() {
        own.require();
        return limit;
    }

    /** Consumes this many of the unread bytes in {@link #array}. */
    public void skip(int count) {
        own.require();
        if (count < 0 || count > limit - position) {
            throw new IllegalArgumentException(
                    "expected to skip 0 to " + (limit - position) + " unread bytes but was asked to skip " + count);
        }
        position += count;
        unitTimed = false;
    }

    /**
     * Waits for more bytes of a message that has begun, after the unread ones; the parser must bound their number. If
     * it has set no {@link #deadline}, the bytes up to the next {@link #skip} are a unit.
     *
     * @return false at the end of the stream
     */
    public boolean awaitMore() throws IOException {
        own.require();
        return fill(Waiting.INPUT);
    }

    /** The number of bytes read so far. */
    long consumed() {
        return half.bytes() - (limit - position);
    }

    /**
     * Whether nothing unread has arrived; for a protocol that continues only if its peer has sent nothing
     * unsolicited. The end of the stream counts as input.
     *
     * @throws IOException if the connection is broken
     */
    public boolean isQuiet() throws IOException {
        own.require();
        return position == limit && !ended && expired == null && half.isQuiet();
    }

    /**
     * Reads exactly {@code count} bytes.
     *
     * @throws EOFException if the stream ends before that
     */
    public byte[] readExactly(int count) throws IOException {
        own.require();
        unitTimed = false;
        byte[] block = new byte[count];
        int read = take(block, 0, count);
        while (read < count) {
            int more = receive(block, read, count - read, read == 0 ? Waiting.MESSAGE : Waiting.INPUT);
            if (more == Wire.END) {
                throw new EOFException("expected " + count + " bytes but the stream ended after " + read);
            }
            read += more;
        }
        return block;
    }

    /**
     * Reads a line of UTF-8 text up to {@code \n} or {@code \r\n}, which is not part of it. Malformed UTF-8 becomes
     * U+FFFD. A last line without a terminator counts.
     *
     * @param maxBytes the maximum length of the line, without its terminator
     * @return the line, or empty at the end of the stream
     * @throws LineTooLongException if it is longer
     */
    public Optional<String> readLine(int maxBytes) throws IOException {
        if (!await()) {
            return Optional.empty();
        }
        unitTimed = false;
        int scanned = 0;
        while (true) {
            int feed = indexOf((byte) '\n', position + scanned);
            if (feed >= 0) {
                boolean carriageReturn = feed > position && buffer[feed - 1] == '\r';
                String line = text(carriageReturn ? feed - 1 : feed, maxBytes);
                position = feed + 1;
                return Optional.of(line);
            }
            scanned = limit - position;
            // One byte over the limit may still be the carriage return of a line that fits.
            if (scanned - 1 > maxBytes || (scanned > maxBytes && buffer[limit - 1] != '\r')) {
                throw new LineTooLongException(maxBytes);
            }
            if (!fill(Waiting.INPUT)) {
                String line = text(limit, maxBytes);
                position = limit;
                return Optional.of(line);
            }
        }
    }

    /**
     * Sets a deadline for everything read from now on, until {@link #clearDeadline}: it must arrive within
     * {@code total} from now.
     */
    public void deadline(Duration total) {
        own.require();
        messageDeadline = connection.clock().nanoTime() + Clock.nanos(total);
        messageTimed = true;
    }

    /** Removes the {@link #deadline}; the deadlines of single units apply again. */
    public void clearDeadline() {
        own.require();
        messageTimed = false;
    }

    /** Waits for more bytes and appends them to the unread ones; returns false at the end of the stream. */
    private boolean fill(Waiting what) throws IOException {
        int count = receive(this::fillFrom, what);
        limit += Math.max(0, count);
        return count != Wire.END;
    }

    private int receive(byte[] target, int offset, int length, Waiting what) throws IOException {
        return receive((wire, deadline) -> wire.read(target, offset, length, deadline), what);
    }

    private int receive(InputHalf.Room room, Waiting what) throws IOException {
        return receive(room, what, half.hasTimers());
    }

    /** Waits for bytes, and runs tasks of timers meanwhile unless the room looks after them. */
    private int receive(InputHalf.Room room, Waiting what, boolean runsTasks) throws IOException {
        if (expired != null) {
            // Not the end of the stream: the part of the unit that has arrived must not be taken for all of it.
            throw new DeadlineException(expired.kind(), expired.waited());
        }
        if (ended) {
            return Wire.END;
        }
        connection.flushBeforeWaiting();
        WaitState.Wait wait = waitFrom(connection.clock().nanoTime(), what);
        if (runsTasks) {
            awaitRunningTasks(wait, wait.deadline(), false);
        }
        int count = half.receive(room, wait);
        idle = count == Wire.RESTS;
        idleSince = wait.since();
        if (count == Wire.EXPIRED) {
            Duration waited = Duration.ofNanos(connection.clock().nanoTime() - wait.since());
            expired = new DeadlineException(what == Waiting.INPUT ? Kind.READ : Kind.IDLE, waited);
            throw expired;
        }
        ended = count == Wire.END;
        return count;
    }

    /** A wait that begins now, or goes on from those that have ended without input. */
    private WaitState.Wait waitFrom(long now, Waiting what) {
        return WaitState.Wait.of(what, idle ? idleSince : now, deadline(what, now));
    }

    private long deadline(Waiting what, long now) {
        if (messageTimed) {
            return messageDeadline;
        }
        if (what == Waiting.EXCHANGE && connection.isDraining()) {
            return connection.life().laterOfDrain(idle ? idleSince : now) + ConnectionLife.DRAIN_GRACE.toNanos();
        }
        if (what != Waiting.INPUT) {
            return (idle ? idleSince : now) + connection.deadlines().idle().toNanos();
        }
        if (!unitTimed) {
            unitDeadline = now + connection.deadlines().read().toNanos();
            unitTimed = true;
        }
        return unitDeadline;
    }
}
