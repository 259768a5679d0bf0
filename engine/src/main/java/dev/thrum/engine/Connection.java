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
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A connection to one peer, as a stream of bytes in each direction.
 *
 * <p>It has two halves, its input ({@link #reader}) and its output ({@link #writer}). Each is owned by one thread at a time; at
 * first the thread that runs its handler, or the one that opened it, owns both. Only its owner may use a half; with {@code
 * -Dthrum.debug=true} any other thread gets an {@link IllegalStateException} that names both. Three things are allowed besides:
 *
 * <ul>
 *   <li>Any thread may read what does not change or is only reported ({@link #number}, {@link #peer}, {@link #local},
 *       {@link #clock}, {@link #tls}, {@link #info}, {@link #bytesOut}, {@link #isDraining}, {@link #mayKeepAlive}), may report
 *       with {@link #failed}, and may call {@link #shutdownInput}, which ends current reads, and {@link #reset}, which
 *       makes current reads and writes fail.
 *   <li>Any thread may send whole messages, by the {@link #outbox}, and may end a wait of the input's owner
 *       ({@link #wake}).
 *   <li>A task that the owner gives to {@link #offload} may use the connection: the owner waits for it meanwhile.
 *   <li>The owner may hand the connection over, with {@link #releaseOwnership}, or only one half of it, with
 *       {@link #releaseInput} or {@link #releaseOutput}: then two threads use the connection, one reading and the other
 *       writing (full duplex).
 * </ul>
 */
public final class Connection implements AutoCloseable {
    private static final AtomicIntegerFieldUpdater<Connection> CLOSED =
            AtomicIntegerFieldUpdater.newUpdater(Connection.class, "closed");

    private final Engine engine;
    private final Wire wire;
    private final long number;
    private final Side side;
    private final long born;
    private final InputHalf input;
    private final OutputHalf output;
    private final ByteReader reader;
    private final ByteWriter writer;
    private final ConnectionLife life = new ConnectionLife();

    // Written by the owner of the input only; volatile for the owner of the output and the reaper.
    private volatile Limits.Deadlines deadlines;

    // Set by the owner of both halves before it hands one over, never cleared; volatile for a third thread's close.
    private volatile boolean split;

    // All set by any thread, never cleared.
    private volatile int closed;
    private volatile boolean inputShut;

    Connection(Engine engine, Wire wire, long number, Side side, Limits.Deadlines deadlines) {
        this.engine = engine;
        this.wire = wire;
        this.number = number;
        this.side = side;
        this.deadlines = deadlines;
        this.born = engine.clock().nanoTime();
        this.input = new InputHalf(this, Ownership.of("input", number));
        this.output = new OutputHalf(this, Ownership.of("output", number));
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

    /** What was agreed on with the peer, if this connection is encrypted; empty before its handshake is done. */
    public Optional<TlsInfo> tls() {
        return life.tls();
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

    /** Sets the deadlines of all later waits, of both halves; called by the owner of the input. */
    public void deadlines(Limits.Deadlines value) {
        input.ownership().require();
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
        boolean lentInput = input.ownership().lend();
        boolean lentOutput = output.ownership().lend();
        try {
            return engine.offload(kind, task);
        } finally {
            if (lentInput) {
                input.ownership().take();
            }
            if (lentOutput) {
                output.ownership().take();
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
        input.ownership().release();
        output.ownership().release();
    }

    /**
     * Gives up the ownership of the input: the next thread that reads becomes its owner, as with
     * {@link #releaseOwnership}. From now on the two halves may have different owners, so a reader that is about to wait
     * doesn't send the written output any more: the owner of the output calls {@link ByteWriter#flush}.
     *
     * <p>When the handler returns or the connection is closed, what another thread has not flushed is lost, its read ends as
     * if the peer had ended the stream, and its write that waits for the peer resets the connection.
     *
     * @throws IllegalStateException with {@code -Dthrum.debug=true}, if the caller does not own the input
     */
    public void releaseInput() {
        input.ownership().release();
        split = true;
    }

    /**
     * Gives up the ownership of the output: the next thread that writes becomes its owner. Everything else is as with
     * {@link #releaseInput}.
     *
     * @throws IllegalStateException with {@code -Dthrum.debug=true}, if the caller does not own the output
     */
    public void releaseOutput() {
        output.ownership().release();
        split = true;
    }

    /**
     * The messages that wait to be sent to the peer: any thread may add some. Messages don't mix with what the owner of
     * the output writes: it writes in units, each of which ends when it flushes or waits for input.
     */
    public Outbox outbox() {
        return output.outbox();
    }

    /**
     * Makes the current or else the next {@link ByteReader#await(Duration)} return {@link ByteReader.Arrival#WOKEN}, so
     * that a handler can wait for its client and for other threads at once: put what it is to find into a queue first,
     * then call this. Several calls before the wait count as one. Any thread may call it. A drain does, when it begins.
     */
    public void wake() {
        input.wake();
    }

    /** Code of a connection that a timer runs. */
    @FunctionalInterface
    public interface Task {
        void run() throws IOException;
    }

    /**
     * Runs a task after a delay as this connection's own code: on the thread that owns the input, while that thread waits
     * for input, so never at the same time as its handler. A handler that doesn't wait delays its tasks. What the task
     * writes is sent when it returns. If it throws, the wait throws the exception. When the conversation ends, or the
     * connection is closed, its tasks end too. Called by the owner of the input.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    public Clock.Timer schedule(Duration delay, Task task) {
        return input.timers().add(delay, Duration.ZERO, task);
    }

    /**
     * Runs a task like {@link #schedule}, again and again. Runs that are overdue because the handler didn't wait for
     * input are not made up for: there is one, and then the next at its time.
     *
     * @throws IllegalArgumentException if the delay is negative, or the period not above zero
     */
    public Clock.Timer scheduleAtFixedRate(Duration delay, Duration period, Task task) {
        return input.timers().addRepeated(delay, period, task);
    }

    /** Sends what was written, if the thread that is about to wait for input owns the output, too. */
    void flushBeforeWaiting() throws IOException {
        if (!split) {
            writer.flush();
        }
    }

    /** Makes the calling thread the owner of both halves, or of the input if they may have different owners. */
    void takeOwnership() {
        input.ownership().take();
        if (!split) {
            output.ownership().take();
        }
    }

    /**
     * Whether a protocol that can end politely between two exchanges should go on: false while the server drains, or
     * while others wait for the thread that this conversation holds (engine {@code threads}) and that it can't give back
     * between two exchanges, as an {@link ExchangeHandler} does.
     */
    public boolean mayKeepAlive() {
        return !isDraining() && (life.comesInExchanges() || engine.hasFreeWorkers());
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
        output.ownership().require();
        if (position < 0 || count < 0) {
            throw new IllegalArgumentException(
                    "expected a position and a count of at least 0 but they were " + position + " and " + count);
        }
        writer.sendWithin();
        output.transfer(source, position, count);
    }

    /**
     * Ends the output (half-close), after everything written before and the messages in the outbox, which takes no more;
     * the peer may go on sending.
     */
    public void shutdownOutput() throws IOException {
        output.ownership().require();
        deliver();
        output.shutdown();
    }

    /**
     * Ends the input: the current read and all later ones find the end of the stream, and input that arrives is
     * discarded. Any thread may call it, for instance to end another thread's wait.
     */
    public void shutdownInput() {
        inputShut = true;
        wire.expireRead();
    }

    /** Whether this side has ended the input. */
    boolean isInputShut() {
        return inputShut;
    }

    /**
     * Sends everything written and closes the connection: the peer receives it all, then the end of the stream.
     * Idempotent.
     *
     * <p>The caller must own both halves. Once a half has been handed out, any thread may close the connection: see
     * {@link #releaseInput}.
     */
    @Override
    public void close() throws IOException {
        if (isClosed()) {
            return;
        }
        if (split) {
            finish();
            return;
        }
        input.ownership().require();
        output.ownership().require();
        try {
            deliver();
        } finally {
            finish();
        }
    }

    private void deliver() throws IOException {
        writer.sendWithin();
        output.deliverOutbox();
    }

    /** Closes it after its handler has returned, whichever thread owns it. */
    void closeAfterHandler() throws IOException {
        try {
            if (split) {
                output.deliverOutboxUnlessWriting();
            } else {
                // The handler may have handed it over as a whole; that ends when the handler returns.
                takeOwnership();
            }
        } finally {
            close();
        }
    }

    private void finish() {
        if (!CLOSED.compareAndSet(this, 0, 1)) {
            return;
        }
        if (split && sending().isWaiting()) {
            // Another thread writes. It can't be waited for: the peer may never read.
            reset();
            return;
        }
        if (split && waiting().current().isForInput()) {
            // Another thread reads, and a socket can't linger before that read has ended.
            wire.expireRead();
        }
        end();
        wire.finish(new byte[0]);
    }

    private void end() {
        closed = 1;
        engine.forget(this);
        output.end();
        life.endedUnlessCarried();
    }

    /** Refuses the peer, instead of a conversation. */
    void refuse(byte[] words) {
        end();
        wire.finish(words);
    }

    /** Closes both directions at once; unsent output is lost. Any thread may call it, any number of times. */
    public void reset() {
        end();
        wire.reset();
    }

    /**
     * Reports a failure that the protocol has handled and logged itself, such as an exception in application code. Only the
     * simulation acts on it: there it fails the run.
     */
    public void failed(Throwable cause) {
        engine.failed(cause);
    }

    /** A snapshot of this connection; any thread may take it. */
    public ConnectionInfo info() {
        return ConnectionInfo.of(this, Duration.ofNanos(engine.clock().nanoTime() - born));
    }

    long bytesIn() {
        return input.bytes();
    }

    /** The number of bytes handed to the network so far. */
    public long bytesOut() {
        return output.bytes();
    }

    /** Whether this side has closed or reset the connection. */
    boolean isClosed() {
        return closed != 0;
    }

    /** A handler that waits with a time learns it at once. */
    void drain() {
        life.drain(clock().nanoTime());
        wake();
    }

    /** Whether its server drains, so that conversations should end soon. Any thread may call it. */
    public boolean isDraining() {
        return life.isDraining();
    }

    /** Ends the wait for the next exchange or the handshake, if this connection waits for one; any thread may call it. */
    void endBetweenExchanges() {
        WaitState.Wait wait = waiting().current();
        if ((wait.what() == Waiting.EXCHANGE || wait.what() == Waiting.HANDSHAKE)
                && waiting().expire(wait)) {
            wire.expireRead();
        }
    }

    WaitState waiting() {
        return input.waiting();
    }

    WaitState sending() {
        return output.waiting();
    }

    /** The same in every run of a simulation, so that sets have the same order. */
    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    Side side() {
        return side;
    }

    Wire wire() {
        return wire;
    }

    Engine engine() {
        return engine;
    }

    ConnectionLife life() {
        return life;
    }

    InputHalf input() {
        return input;
    }

    OutputHalf output() {
        return output;
    }

    /**
     * Whether the peer has ended its half of the stream or broken it, as far as can be determined without waiting;
     * for protocols that write for a long time without reading. A peer that has ended its half may still read, and
     * unread bytes may hide the end. Any thread may call it, provided that the owner neither reads nor calls it
     * meanwhile.
     */
    public boolean hasEnded() throws IOException {
        return input.hasEnded();
    }

    /**
     * Begins a wait of one half. If another thread may close the connection, it sees the wait, or this thread sees that
     * it is closed.
     *
     * @throws IOException if it is closed: after that the socket may still linger, and must be neither read nor written
     */
    void begin(WaitState half, WaitState.Wait wait) throws IOException {
        requireOpen();
        if (!split) {
            half.begin(wait);
            return;
        }
        half.beginVisibly(wait);
        if (isClosed()) {
            half.beginNothing();
            requireOpen();
        }
    }

    void requireOpen() throws IOException {
        if (isClosed()) {
            throw new IOException("expected an open connection but it was closed or reset on this side");
        }
    }

    /** Failures on a connection that this side has closed say nothing about the peer. */
    void noteBroken(IOException e) {
        if (!isClosed()) {
            life.note(Ending.broken(e));
        }
    }
}
