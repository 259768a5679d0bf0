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
 * One client, as a stream of bytes each way.
 *
 * <p>Owned by one thread: the one that runs its handler, or the one that opened it. Only that thread may use it, its
 * {@link #reader} and its {@link #writer}; with {@code -Dthrum.debug=true} any other thread that does gets an
 * {@link IllegalStateException} that names both. Three things are allowed besides:
 *
 * <ul>
 *   <li>Any thread may ask for what does not change or is only reported ({@link #number}, {@link #peer}, {@link #local},
 *       {@link #clock}, {@link #info}, {@link #bytesOut}, {@link #isDraining}, {@link #mayKeepAlive}), may report with
 *       {@link #failed}, and may call {@link #reset}, which makes every read and write under way fail.
 *   <li>A task that the owner gives to {@link #offload} may use the connection: the owner waits for it meanwhile.
 *   <li>The owner may hand the connection over, with {@link #releaseOwnership}.
 * </ul>
 */
public final class Connection implements AutoCloseable {
    /** The most that one write deadline covers, and so the least progress a slow peer must make. */
    private static final int CHUNK = 64 * 1024;

    /** How long after the beginning of a drain a conversation waits for the next exchange, for what is on its way. */
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

    // Written by the owner's thread only, opaquely, for who looks at the registry.
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();

    // Written by the owner's thread only; volatile for the reaper.
    private volatile Limits.Deadlines deadlines;

    // Owned by the handler's thread: a read deadline has passed, so the end of input is ours and not the peer's.
    private boolean inputExpired;

    // Set by the handler's thread before it begins; null before, and where there is no handler.
    private volatile @Nullable Thread handler;

    // Both set by any thread, never cleared.
    private volatile boolean closed;
    private volatile boolean draining;

    // Written by the reaper's thread only, once; the owner asks whether it is there.
    private volatile Optional<Long> evictedAt = Optional.empty();

    // For the log: written by the owner, and by another thread that asks whether the peer has left.
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

    /** Counts up over the engine's life, from 1; never reused. */
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

    /** Changes the deadlines of the waits to come. */
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
     * Runs a task that may hold a thread for long where it delays no other connection, and waits for its result; see
     * {@link Engine#offload(Offload, Callable)}. The task may use this connection if the caller may.
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
     * The owner gives this connection up: the next thread that uses it owns it from then on. The two must order this call
     * before that use, as a lock or a queue between them does. A connection that is served is closed when its handler's call
     * ends, whoever owns it then.
     *
     * @throws IllegalStateException with {@code -Dthrum.debug=true}, if the caller does not own it
     */
    public void releaseOwnership() {
        input.release();
        output.release();
    }

    /** The calling thread owns it from here on. */
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
     * Sends a part of a file behind what was written, without copying it where the engine can.
     *
     * <p>A conversation that is aborted meanwhile has its thread interrupted, which closes the file channel: don't share
     * one between connections.
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

    /** Ends our half of the stream, after what was written; the peer may go on sending. */
    public void shutdownOutput() throws IOException {
        output.require();
        writer.flush();
        wire.shutdownOutput();
    }

    /** Sends what was written and takes leave: the peer gets everything, then the end of the stream. Idempotent. */
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

    /** Turns the peer away; instead of a conversation. */
    void refuse(byte[] words) {
        closed = true;
        engine.forget(this);
        wire.finish(words);
    }

    /** Closes at once, both ways; what was not yet sent is lost. Any thread may call it, any number of times. */
    public void reset() {
        closed = true;
        engine.forget(this);
        wire.reset();
    }

    /**
     * Tells the engine of a failure above this protocol for which the protocol has answered by itself, and which it has
     * logged. No engine but the simulation makes anything of it: there it fails the run.
     */
    public void failed(Throwable cause) {
        engine.failed(cause);
    }

    /** A glance at this connection; any thread may take it. */
    public ConnectionInfo info() {
        Duration age = Duration.ofNanos(engine.clock().nanoTime() - born);
        return new ConnectionInfo(number, side, engine.name(), peer(), age, bytesIn(), bytesOut(), waiting.what());
    }

    /** Whether this conversation was told not long ago to end because others wait for its thread. Reaper only. */
    boolean isLeaving(long now, Duration grace) {
        return evictedAt.isPresent() && now - evictedAt.get() < grace.toNanos();
    }

    /** Reaper only. */
    void evictIdle(long now) {
        evictedAt = Optional.of(now);
        wire.expireRead();
    }

    /** This thread runs the handler from here on. */
    void handledBy(Thread thread) {
        handler = thread;
    }

    /** Who runs the handler, once it has begun. */
    Optional<Thread> handler() {
        return Optional.ofNullable(handler);
    }

    /** How many bytes have gone either way. */
    long bytes() {
        return bytesIn() + bytesOut();
    }

    long bytesIn() {
        return bytesIn.getOpaque();
    }

    /** How many bytes have been handed to the network so far. */
    public long bytesOut() {
        return bytesOut.getOpaque();
    }

    /** Whether it was closed or reset on this side. */
    boolean isClosed() {
        return closed;
    }

    void drain() {
        draining = true;
    }

    /** Whether its server drains: conversations are to end soon. Any thread may ask. */
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
     * Whether the peer has ended its half of the stream or broken it, as far as that can be told without waiting: for who
     * writes for long without reading. A peer that has ended its half may still read; and bytes that came before and were
     * not read may hide the end. Any thread may ask, provided that the owner neither reads nor asks meanwhile.
     */
    public boolean hasEnded() throws IOException {
        input.requireUnused(waiting.current().isForInput());
        if (closed || inputExpired || !wire.hasEnded()) {
            return closed;
        }
        note(Ending.PEER_ENDED);
        return true;
    }

    /** Where bytes that come are put; asked for when there are some, where that is known. */
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

    /** What fails on a connection that this side has closed says nothing about the peer. */
    private void noteBroken(IOException e) {
        if (!closed) {
            note(Ending.broken(e));
        }
    }

    /** The last cause that applies counts: a peer that has ended its half may still not read. */
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

    /** A write cut by the reaper fails with its reason, not with a closed socket. */
    private long awaitOutput(Output output) throws IOException {
        requireOpen();
        long now = engine.clock().nanoTime();
        long deadline = now + deadlines.write().toNanos();
        waiting.begin(WaitState.Wait.of(Waiting.OUTPUT, now, deadline));
        long count;
        try {
            count = output.send(deadline);
        } catch (IOException | RuntimeException | Error e) {
            // Whatever was thrown: a wait that is left standing would be expired while nobody waits.
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

    /** A closed socket may linger below this connection: it must be neither read nor written any more. */
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
