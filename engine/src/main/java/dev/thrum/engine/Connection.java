package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.Offload;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.spi.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one peer, as a stream of bytes in each direction.
 *
 * <p>Owned by one thread: the one that runs its handler, or the one that opened it. Only that thread may use it, its
 * {@link #reader} and its {@link #writer}; with {@code -Dthrum.debug=true} any other thread that does gets an
 * {@link IllegalStateException} that names both. Three things are allowed besides:
 *
 * <ul>
 *   <li>Any thread may read what does not change or is only reported ({@link #number}, {@link #peer}, {@link #local},
 *       {@link #clock}, {@link #info}, {@link #bytesOut}, {@link #isDraining}, {@link #mayKeepAlive}), may report
 *       with {@link #failed}, and may call {@link #reset}, which makes current reads and writes fail.
 *   <li>A task that the owner gives to {@link #offload} may use the connection: the owner waits for it meanwhile.
 *   <li>The owner may hand the connection over, with {@link #releaseOwnership}.
 * </ul>
 */
public final class Connection implements AutoCloseable {
    /** The most bytes that one write deadline covers, and so the least progress that a slow peer must make. */
    private static final int CHUNK = 64 * 1024;

    /** How long after the beginning of a drain a conversation waits for the next exchange, for requests in flight. */
    static final Duration DRAIN_GRACE = Duration.ofMillis(250);

    private final Engine engine;
    private final Wire wire;
    private final long number;
    private final Side side;
    private final long born;
    private final WaitState waiting = new WaitState();
    private final Ownership input;
    private final Ownership output;
    private final ByteReader reader;
    private final ByteWriter writer;

    // Written by the owner's thread only, in opaque mode, for readers of the registry.
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();

    // Written by the owner's thread only; volatile for the reaper.
    private volatile Limits.Deadlines deadlines;

    // Owned by the handler's thread: a read deadline has passed, so this side has ended the input and not the peer.
    private boolean inputExpired;

    // Set by the handler's thread before the handler begins; null until then, and on connections without a handler.
    private volatile @Nullable Thread handler;

    // Both set by any thread, never cleared.
    private volatile boolean closed;
    private volatile boolean draining;

    // Written by the reaper's thread only, once; the owner checks whether it is present.
    private volatile Optional<Long> evictedAt = Optional.empty();

    // For the log: written by the owner, and by another thread that calls hasEnded.
    private volatile @Nullable Ending ending;

    Connection(Engine engine, Wire wire, long number, Side side, Limits.Deadlines deadlines) {
        this.engine = engine;
        this.wire = wire;
        this.number = number;
        this.side = side;
        this.deadlines = deadlines;
        this.born = engine.clock().nanoTime();
        this.input = Ownership.of("input", number);
        this.output = Ownership.of("output", number);
        this.reader = new ByteReader(this, input);
        this.writer = new ByteWriter(this, output);
    }

    /** The connection's number, which counts up from 1 over the engine's life; never reused. */
    public long number() {
        return number;
    }

    public InetSocketAddress peer() {
        return wire.peer();
    }

    public InetSocketAddress local() {
        return wire.local();
    }

    public ByteReader reader() {
        return reader;
    }

    public ByteWriter writer() {
        return writer;
    }

    /** The clock of this connection's engine. */
    public Clock clock() {
        return engine.clock();
    }

    public Limits.Deadlines deadlines() {
        return deadlines;
    }

    /** Sets the deadlines of all later waits. */
    public void deadlines(Limits.Deadlines value) {
        input.require();
        output.require();
        deadlines = value;
    }

    /** Like {@link #offload(Offload, Callable)}, as {@link Offload#COMPUTE}: for long computations. */
    public <T> T offload(Callable<T> task) throws Exception {
        return offload(Offload.COMPUTE, task);
    }

    /**
     * Runs a task that may hold its thread for a long time, where it delays no other connection, and waits for its
     * result; see {@link Engine#offload(Offload, Callable)}. The task may use this connection if the caller may.
     */
    public <T> T offload(Offload kind, Callable<T> task) throws Exception {
        boolean lentInput = input.lend();
        boolean lentOutput = output.lend();
        try {
            return engine.offload(kind, task);
        } finally {
            if (lentInput) {
                input.take();
            }
            if (lentOutput) {
                output.take();
            }
        }
    }

    /**
     * Gives up the ownership of this connection: the next thread that uses it becomes its owner. This call must
     * happen before that use, as with a lock or a queue between the two threads. A served connection is closed when
     * its handler returns, whichever thread owns it then.
     *
     * @throws IllegalStateException with {@code -Dthrum.debug=true}, if the caller does not own it
     */
    public void releaseOwnership() {
        input.release();
        output.release();
    }

    /** Makes the calling thread the owner. */
    void takeOwnership() {
        input.take();
        output.take();
    }

    /**
     * Whether a protocol that can end politely between two exchanges should go on: false while the server drains, or
     * while others wait for the thread that this conversation holds (engine {@code threads}).
     */
    public boolean mayKeepAlive() {
        return !draining && engine.hasFreeWorkers();
    }

    /**
     * Sends a part of a file after everything written before, without copying it if the engine can.
     *
     * <p>A conversation that is aborted meanwhile has its thread interrupted, which closes the file channel: don't
     * share one between connections.
     *
     * @throws EOFException if the file is shorter than {@code position + count}
     */
    public void transfer(FileChannel source, long position, long count) throws IOException {
        output.require();
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "expected a position and a count of at least 0 but they were " + position + " and " + count);
        }
        writer.flush();
        for (long sent = 0; sent < count; ) {
            long from = position + sent;
            long chunk = Math.min(wire.transferChunk(), count - sent);
            long progress = awaitOutput(deadline -> wire.transfer(source, from, chunk, deadline));
            if (progress == Wire.END) {
                throw new EOFException("expected a file of at least " + (position + count) + " bytes but it has "
                        + source.size() + ": it shrank while it was sent");
            }
            sent += progress;
        }
    }

    /** Ends the output (half-close), after everything written before; the peer may go on sending. */
    public void shutdownOutput() throws IOException {
        output.require();
        writer.flush();
        wire.shutdownOutput();
    }

    /**
     * Sends everything written and closes the connection: the peer receives it all, then the end of the stream.
     * Idempotent.
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        input.require();
        output.require();
        try {
            writer.flush();
        } finally {
            closed = true;
            engine.forget(this);
            wire.finish(new byte[0]);
        }
    }

    /** Refuses the peer, instead of a conversation. */
    void refuse(byte[] words) {
        closed = true;
        engine.forget(this);
        wire.finish(words);
    }

    /** Closes both directions at once; unsent output is lost. Any thread may call it, any number of times. */
    public void reset() {
        closed = true;
        engine.forget(this);
        wire.reset();
    }

    /**
     * Reports a failure above this protocol that the protocol has handled and logged itself, such as an exception in
     * application code. Only the simulation acts on it: there it fails the run.
     */
    public void failed(Throwable cause) {
        engine.failed(cause);
    }

    /** A snapshot of this connection; any thread may take it. */
    public ConnectionInfo info() {
        Duration age = Duration.ofNanos(engine.clock().nanoTime() - born);
        return new ConnectionInfo(number, side, engine.name(), peer(), age, bytesIn(), bytesOut(), waiting.what());
    }

    /**
     * Whether this conversation was evicted within the grace period because others wait for its thread. Reaper only.
     */
    boolean isLeaving(long now, Duration grace) {
        return evictedAt.isPresent() && now - evictedAt.get() < grace.toNanos();
    }

    /** Reaper only. */
    void evictIdle(long now) {
        evictedAt = Optional.of(now);
        wire.expireRead();
    }

    /** Records the thread that runs the handler. */
    void handledBy(Thread thread) {
        handler = thread;
    }

    /** The thread that runs the handler, once it has begun. */
    Optional<Thread> handler() {
        return Optional.ofNullable(handler);
    }

    /** The number of bytes moved in both directions. */
    long bytes() {
        return bytesIn() + bytesOut();
    }

    long bytesIn() {
        return bytesIn.getOpaque();
    }

    /** The number of bytes handed to the network so far. */
    public long bytesOut() {
        return bytesOut.getOpaque();
    }

    /** Whether this side has closed or reset the connection. */
    boolean isClosed() {
        return closed;
    }

    void drain() {
        draining = true;
    }

    /** Whether its server drains, so that conversations should end soon. Any thread may call it. */
    public boolean isDraining() {
        return draining;
    }

    /** Ends the wait for the next exchange, if that is what this connection waits for; any thread may call it. */
    void endBetweenExchanges() {
        WaitState.Wait wait = waiting.current();
        if (wait.what() == Waiting.EXCHANGE && waiting.expire(wait)) {
            wire.expireRead();
        }
    }

    WaitState waiting() {
        return waiting;
    }

    Side side() {
        return side;
    }

    Wire wire() {
        return wire;
    }

    int available() throws IOException {
        return inputExpired || closed ? 0 : wire.available();
    }

    boolean isQuiet() throws IOException {
        return !inputExpired && !closed && wire.isQuiet();
    }

    /**
     * Whether the peer has ended its half of the stream or broken it, as far as can be determined without waiting;
     * for protocols that write for a long time without reading. A peer that has ended its half may still read, and
     * unread bytes may hide the end. Any thread may call it, provided that the owner neither reads nor calls it
     * meanwhile.
     */
    public boolean hasEnded() throws IOException {
        input.requireUnused(waiting.current().isForInput());
        if (closed || inputExpired || !wire.hasEnded()) {
            return closed;
        }
        note(Ending.PEER_ENDED);
        return true;
    }

    /** Reads from the wire into a buffer that it obtains, if possible, only when there are bytes to read. */
    interface Room {
        int receiveFrom(Wire from, long deadline) throws IOException;
    }

    int receive(Room room, WaitState.Wait wait) throws IOException {
        requireOpen();
        waiting.begin(wait);
        int count;
        try {
            count = room.receiveFrom(wire, wait.deadline());
        } catch (IOException e) {
            noteBroken(e);
            throw e;
        } finally {
            inputExpired |= waiting.end();
        }
        inputExpired |= count == Wire.EXPIRED;
        if (count > 0) {
            received(count);
            return count;
        }
        note(inputExpired ? expired(wait) : Ending.PEER_ENDED);
        return inputExpired ? Wire.EXPIRED : count;
    }

    private Ending expired(WaitState.Wait wait) {
        if (!wait.isForMessage()) {
            return Ending.late(Ending.Cause.HALF_A_MESSAGE);
        }
        Ending.Cause cause = Ending.Cause.IDLE;
        if (evictedAt.isPresent()) {
            cause = Ending.Cause.IDLE_UNDER_LOAD;
        } else if (draining && wait.what() == Waiting.EXCHANGE) {
            cause = Ending.Cause.DRAINED;
        }
        return Ending.idle(cause, engine.clock().nanoTime() - wait.since());
    }

    /** Failures on a connection that this side has closed say nothing about the peer. */
    private void noteBroken(IOException e) {
        if (!closed) {
            note(Ending.broken(e));
        }
    }

    /** The last cause in the list counts: a peer that has ended its half may also not read. */
    private void note(Ending how) {
        Ending known = ending;
        if (known == null || known.cause().compareTo(how.cause()) < 0) {
            ending = how;
        }
    }

    /** How reading or writing ended, if it has. */
    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    void send(byte[] source, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; ) {
            int from = offset + sent;
            int chunk = Math.min(CHUNK, length - sent);
            sent += (int) awaitOutput(deadline -> wire.write(source, from, chunk, deadline));
        }
    }

    /** A write that the reaper has ended fails with a deadline exception, not with a closed socket. */
    private long awaitOutput(Output output) throws IOException {
        requireOpen();
        long now = engine.clock().nanoTime();
        long deadline = now + deadlines.write().toNanos();
        waiting.begin(WaitState.Wait.of(Waiting.OUTPUT, now, deadline));
        long count;
        try {
            count = output.send(deadline);
        } catch (IOException | RuntimeException | Error e) {
            // End the wait, whatever was thrown: a stale one could expire while no thread waits.
            if (waiting.end() && e instanceof IOException) {
                throw tooSlow();
            }
            if (e instanceof IOException broken) {
                noteBroken(broken);
            }
            throw e;
        }
        if (waiting.end() || count == Wire.EXPIRED) {
            throw tooSlow();
        }
        sent(Math.max(0, count));
        return count;
    }

    /** After close the socket may still linger, and must be neither read nor written any more. */
    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("expected an open connection but it was closed or reset on this side");
        }
    }

    private interface Output {
        long send(long deadline) throws IOException;
    }

    private DeadlineException tooSlow() {
        note(Ending.late(Ending.Cause.NOT_READING));
        reset();
        return new DeadlineException(DeadlineException.Kind.WRITE, deadlines.write());
    }

    private void received(long count) {
        bytesIn.setOpaque(bytesIn.getPlain() + count);
    }

    private void sent(long count) {
        bytesOut.setOpaque(bytesOut.getPlain() + count);
    }
}
