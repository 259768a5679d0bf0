package dev.thrum.simulation;

import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** One end of a simulated connection. Owned by the simulation's thread. */
final class SimulatedWire implements Wire {
    /** How long a finished connection lingers until its peer closes, as on the socket engines. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int CHUNK = 16 * 1024;

    private final Scheduler scheduler;
    private final InetSocketAddress local;
    private final InetSocketAddress peer;
    private final Pipe in;
    private final Pipe out;
    private final SimulatedRests rests;
    private boolean finished;

    SimulatedWire(
            Scheduler scheduler,
            InetSocketAddress local,
            InetSocketAddress peer,
            Pipe in,
            Pipe out,
            SimulatedRests rests) {
        this.rests = rests;
        this.scheduler = scheduler;
        this.local = local;
        this.peer = peer;
        this.in = in;
        this.out = out;
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        return in.read(target, offset, length, deadline);
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        return in.awaitInput(patience, woken);
    }

    @Override
    public void wake() {
        in.wakeReader();
    }

    @Override
    public boolean mayRest(boolean timed) {
        return rests.mayRest();
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        Duration left = Duration.ofNanos(deadline - scheduler.nanoTime());
        Duration patience = rests.patience();
        boolean readable = in.awaitInput(patience.compareTo(left) < 0 ? patience : left, woken);
        return readable || scheduler.nanoTime() >= deadline;
    }

    @Override
    public void rest(Resting conversation, long deadline) {
        in.rest(conversation, deadline);
    }

    @Override
    public int available() {
        return in.available();
    }

    @Override
    public boolean isQuiet() {
        return in.isQuiet();
    }

    @Override
    public boolean hasEnded() {
        return in.hasEnded();
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        return out.write(source, offset, length, deadline);
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(count, CHUNK));
        int length = source.read(chunk, position);
        return length < 0 ? END : out.write(chunk.array(), 0, length, deadline);
    }

    @Override
    public void shutdownOutput() {
        out.end();
    }

    @Override
    public void finish(byte[] lastWords) {
        if (finished) {
            return;
        }
        finished = true;
        out.accept(lastWords, 0, lastWords.length);
        out.end();
        in.discard();
        scheduler.schedule(PATIENCE, in::close);
    }

    @Override
    public void expireRead() {
        in.expireReads();
    }

    @Override
    public void reset() {
        finished = true;
        breakBoth();
    }

    void breakBoth() {
        in.abort();
        out.abort();
    }
}
