package dev.thrum.engine;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.Outgoing;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The output of a connection, below its {@link ByteWriter} and its {@link Outbox}: its owner, its waits, its deadline,
 * and whose turn it is to write.
 *
 * <p>The owner has the turn from the first byte of a unit until it flushes, so that no message gets into the unit. A
 * thread that finds the outbox not empty and the turn free begins to drain the outbox, which has the turn until it is
 * empty, or until the owner asks for it and a message is complete.
 */
final class OutputHalf implements Outgoing {
    /** The most bytes that one write deadline covers, and so the least progress that a slow peer must make. */
    private static final int CHUNK = 128 * 1024;

    /** About how many bytes of messages one write sends. */
    private static final int BATCH = 8 * 1024;

    // The values of turn.
    /** Nobody writes, and the outbox is empty. */
    private static final int FREE = 0;
    /** The owner writes. */
    private static final int OWNERS = 1;
    /** The owner writes, and messages wait: the owner has them drained when it gives the turn back. */
    private static final int OWNERS_WANTED = 2;
    /** A drain of the outbox was begun but does not write yet: the owner can take the turn from it. */
    private static final int PENDING = 3;
    /** The outbox is being drained. */
    private static final int DRAINS = 4;
    /** The outbox is being drained, and the owner waits for its turn. */
    private static final int DRAINS_WANTED = 5;

    // Updaters and no atomic objects: with thousands of connections each further object is a further cache miss.
    private static final AtomicIntegerFieldUpdater<OutputHalf> TURN =
            AtomicIntegerFieldUpdater.newUpdater(OutputHalf.class, "turn");
    private static final AtomicLongFieldUpdater<OutputHalf> BYTES =
            AtomicLongFieldUpdater.newUpdater(OutputHalf.class, "bytes");
    private static final AtomicReferenceFieldUpdater<OutputHalf, @Nullable Outbox> OUTBOX =
            AtomicReferenceFieldUpdater.newUpdater(OutputHalf.class, Outbox.class, "outbox");

    private final Connection connection;
    private final Ownership ownership;
    private final WaitState waiting = WaitState.ofOutput();

    // Written by the thread that has the turn only, with lazySet, for readers of the registry.
    private volatile long bytes;

    private volatile int turn = FREE;

    // Set by the thread that writes a unit, and compared with itself by the thread that reads it.
    private @Nullable Thread writing;

    // Set by the owner while it waits for its turn.
    private volatile @Nullable Thread waitsForTurn;

    // Set once, by compare-and-set, by the first thread that asks for it.
    private volatile @Nullable Outbox outbox;

    // Set by the thread that delivers the outbox last, which then looks for one; a thread that makes one reads this
    // then.
    private volatile boolean sealed;

    // Owned by the thread that has the turn, while it drains: whether the wait for the peer has begun.
    private boolean stalled;

    // Set by the reaper, never cleared: the peer did not read in time.
    private volatile boolean expired;

    OutputHalf(Connection connection, Ownership ownership) {
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

    // Whose turn it is.

    /** Begins a unit of the owner, unless it is in one already: no message is sent until {@link #endUnit}. */
    void beginUnit() throws IOException {
        if (writing == null) {
            if (!TURN.compareAndSet(this, FREE, OWNERS)) {
                awaitTurn();
            }
            writing = Thread.currentThread();
        }
    }

    /** Ends the owner's unit, if there is one: messages can be sent again. */
    void endUnit() {
        if (writing != null) {
            writing = null;
            if (!TURN.compareAndSet(this, OWNERS, FREE)) {
                turn = PENDING;
                beginDrain();
            }
        }
    }

    /** Waits until the outbox is empty, or a message is complete and its drain passes the turn on. */
    private void awaitTurn() throws IOException {
        waitsForTurn = Thread.currentThread();
        try {
            while (true) {
                int now = turn;
                if (now == OWNERS
                        || now == OWNERS_WANTED
                        || TURN.compareAndSet(this, FREE, OWNERS)
                        || TURN.compareAndSet(this, PENDING, OWNERS_WANTED)) {
                    return;
                }
                if (now == DRAINS) {
                    TURN.compareAndSet(this, DRAINS, DRAINS_WANTED);
                } else if (now == DRAINS_WANTED) {
                    connection.requireOpen();
                    if (expired) {
                        throw tooSlow();
                    }
                    if (Thread.currentThread().isInterrupted()) {
                        connection.reset();
                        throw new ClosedByInterruptException();
                    }
                    LockSupport.park(this);
                }
            }
        } finally {
            waitsForTurn = null;
        }
    }

    /** Whether this thread is writing a unit. */
    boolean isWrittenBy(Thread thread) {
        return thread.equals(writing);
    }

    /** A message was added: has the outbox drained, now or when the owner gives its turn back. */
    void messagesWait() {
        while (true) {
            int now = turn;
            if (now == FREE && TURN.compareAndSet(this, FREE, PENDING)) {
                beginDrain();
                return;
            }
            if (now > OWNERS || (now == OWNERS && TURN.compareAndSet(this, OWNERS, OWNERS_WANTED))) {
                return;
            }
        }
    }

    private void beginDrain() {
        try {
            Wire wire = connection.wire();
            if (wire.base().equals(wire)) {
                connection.engine().backend().drain(wire, this);
            } else {
                // A backend knows only its own wires.
                connection.engine().backend().aside(this::sendAll);
            }
        } catch (RuntimeException | Error e) {
            // Out of memory, for example. Without its messages the stream would be wrong, so it ends.
            failed(new IOException("expected to send the messages of an outbox but could not begin to", e));
            connection.reset();
        }
    }

    @Override
    public boolean begin() {
        return TURN.compareAndSet(this, PENDING, DRAINS);
    }

    /** Ends a drain: the turn is the owner's if it waits for it, else nobody's. */
    void endDrain() {
        endStall();
        boolean freed = TURN.compareAndSet(this, DRAINS, FREE) || TURN.compareAndSet(this, PENDING, FREE);
        if (!freed && turn == DRAINS_WANTED) {
            passTurn(OWNERS);
        }
    }

    private void passTurn(int to) {
        turn = to;
        LockSupport.unpark(waitsForTurn);
    }

    /** Passes the turn to the owner if it waits for it and no message is half sent; returns whether that is so. */
    private boolean passesTurn(Outbox box) {
        if (turn == DRAINS_WANTED && box.isBetweenMessages()) {
            endStall();
            passTurn(OWNERS_WANTED);
            return true;
        }
        return false;
    }

    // The outbox.

    /** The outbox, made at its first use. */
    Outbox outbox() {
        Outbox known = outbox;
        Outbox box = known == null ? makeOutbox() : known;
        if (sealed) {
            // The handler's thread may not have seen it: it would never be sent.
            box.seal();
        }
        if (connection.isClosed()) {
            box.end();
        }
        return box;
    }

    private Outbox makeOutbox() {
        Outbox made = new Outbox(connection, this, connection.life().outboxBounds());
        return OUTBOX.compareAndSet(this, null, made) ? made : Objects.requireNonNull(outbox);
    }

    /** The messages of the outbox, which need not have been used. */
    ConnectionInfo.Messages messages() {
        Outbox box = outbox;
        return box == null
                ? ConnectionInfo.Messages.NONE
                : new ConnectionInfo.Messages(box.waiting(), box.dropped(), box.oldestWait());
    }

    /** The connection was closed or reset. */
    void end() {
        Outbox box = outbox;
        if (box != null) {
            box.end();
        }
        LockSupport.unpark(waitsForTurn);
    }

    /** Sends what waits in the outbox and takes no more messages; the owner keeps the turn. */
    void deliverOutbox() throws IOException {
        beginUnit();
        sealed = true;
        Outbox box = outbox;
        if (box == null) {
            return;
        }
        box.seal();
        for (byte[] batch = box.take(BATCH); batch != null; batch = box.take(BATCH)) {
            send(batch, 0, batch.length);
            box.sent(batch.length);
        }
    }

    /** Like {@link #deliverOutbox}, for a thread that is not the owner; does nothing if the owner has not ended its unit. */
    void deliverOutboxUnlessWriting() throws IOException {
        int now = turn;
        if (now != OWNERS && now != OWNERS_WANTED) {
            deliverOutbox();
        }
    }

    @Override
    public void sendAll() {
        if (!begin()) {
            return;
        }
        Outbox box = outbox();
        try {
            byte[] batch = box.drain(BATCH);
            while (batch != null) {
                send(batch, 0, batch.length);
                batch = box.drained(batch.length) && !passesTurn(box) ? box.drain(BATCH) : null;
            }
            endIfSlow(box);
        } catch (IOException e) {
            failed(e);
        } catch (RuntimeException | Error e) {
            failed(new IOException("expected to send the messages of an outbox but sending failed", e));
            connection.reset();
            throw e;
        }
    }

    @Override
    public int copyTo(ByteBuffer target) {
        Outbox box = outbox();
        if (passesTurn(box)) {
            return 0;
        }
        int count = box.drainTo(target);
        if (count == 0) {
            endIfSlow(box);
        }
        return count;
    }

    @Override
    public boolean sent(int count) {
        if (count > 0) {
            endStall();
        }
        BYTES.lazySet(this, bytes + count);
        Outbox box = outbox();
        if (box.drained(count)) {
            return true;
        }
        endIfSlow(box);
        return false;
    }

    @Override
    public void stalled() {
        if (!stalled) {
            stalled = true;
            long now = connection.clock().nanoTime();
            waiting.beginVisibly(WaitState.Wait.of(
                    Waiting.OUTPUT, now, now + connection.deadlines().write().toNanos()));
        }
    }

    @Override
    public void failed(IOException cause) {
        endStall();
        connection.noteBroken(cause);
        outbox().end();
        endDrain();
    }

    private void endStall() {
        if (stalled) {
            stalled = false;
            if (waiting.end()) {
                connection.life().note(Ending.late(Ending.Cause.NOT_READING));
                connection.reset();
            }
        }
    }

    /** The reaper has ended the wait for the peer. */
    void expire() {
        expired = true;
        connection.wire().reset();
        LockSupport.unpark(waitsForTurn);
    }

    /** A slow consumer has got everything that it gets. Its handler may not know yet that the connection ends. */
    private void endIfSlow(Outbox box) {
        if (box.isSlowAndEmpty()) {
            try {
                shutdown();
            } catch (IOException e) {
                connection.noteBroken(e);
            }
        }
    }

    // Writing, by the thread that has the turn.

    void send(byte[] source, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; ) {
            int from = offset + sent;
            int chunk = Math.min(CHUNK, length - sent);
            sent += (int) await(deadline -> connection.wire().write(source, from, chunk, deadline));
        }
    }

    /** Sends the first bytes of a small buffer, and others after them. */
    void send(byte[] head, int headLength, byte[] source, int offset, int length) throws IOException {
        int chunk = Math.min(CHUNK - headLength, length);
        long _ = await(deadline -> connection.wire().write(head, headLength, source, offset, chunk, deadline));
        send(source, offset + chunk, length - chunk);
    }

    /** Ends the output, after everything was sent: an encrypted one has a last word to send. */
    void shutdown() throws IOException {
        await(_ -> {
            connection.wire().shutdownOutput();
            return 0;
        });
    }

    /** See {@link Connection#transfer}. */
    void transfer(FileChannel source, long position, long count) throws IOException {
        Wire wire = connection.wire();
        for (long sent = 0; sent < count; ) {
            long from = position + sent;
            long chunk = Math.min(wire.transferChunk(), count - sent);
            long progress = await(deadline -> wire.transfer(source, from, chunk, deadline));
            if (progress == Wire.END) {
                throw new EOFException("expected a file of at least " + (position + count) + " bytes but it has "
                        + source.size() + ": it shrank while it was sent");
            }
            sent += progress;
        }
    }

    private interface Output {
        long send(long deadline) throws IOException;
    }

    /** A write that the reaper has ended fails with a deadline exception, not with a closed socket. */
    private long await(Output output) throws IOException {
        long now = connection.clock().nanoTime();
        long deadline = now + connection.deadlines().write().toNanos();
        connection.begin(waiting, WaitState.Wait.of(Waiting.OUTPUT, now, deadline));
        long count;
        try {
            count = output.send(deadline);
        } catch (IOException | RuntimeException | Error e) {
            // End the wait, whatever was thrown: a stale one could expire while no thread waits.
            if (waiting.end() && e instanceof IOException) {
                throw tooSlow();
            }
            if (e instanceof IOException broken) {
                connection.noteBroken(broken);
            }
            throw e;
        }
        if (waiting.end() || count == Wire.EXPIRED) {
            throw tooSlow();
        }
        BYTES.lazySet(this, bytes + Math.max(0, count));
        return count;
    }

    private DeadlineException tooSlow() {
        connection.life().note(Ending.late(Ending.Cause.NOT_READING));
        connection.reset();
        return new DeadlineException(
                DeadlineException.Kind.WRITE, connection.deadlines().write());
    }
}
