package dev.thrum.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.base.Deadline;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A wire without a network whose peer sends nothing. It keeps what is written, and fails if two threads write at once or one writes
 * after the end.
 */
final class MemoryWire implements Wire {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

    private final StringBuilder sent = new StringBuilder();

    // Not volatile: the connection lets one thread write at a time.
    private boolean writing;

    private volatile boolean outputEnded;
    private volatile boolean finished;
    private volatile boolean wasReset;

    // Set by the owner of the input while it waits.
    private volatile @Nullable Thread waiter;

    /** Everything that was written; read when all threads have ended. */
    String sent() {
        return sent.toString();
    }

    /** Whether the output was ended, and nothing else. */
    boolean hasEndedOutput() {
        return outputEnded;
    }

    /** Whether the connection was closed or reset. */
    boolean isOver() {
        return finished || wasReset;
    }

    @Override
    public InetSocketAddress peer() {
        return HERE;
    }

    @Override
    public InetSocketAddress local() {
        return HERE;
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) {
        return END;
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) {
        Deadline deadline = Deadline.in(patience);
        waiter = Thread.currentThread();
        while (!isOver() && !woken.getAsBoolean() && deadline.nanosLeft() > 0) {
            LockSupport.parkNanos(this, deadline.nanosLeft());
        }
        waiter = null;
        return isOver();
    }

    @Override
    public void wake() {
        LockSupport.unpark(waiter);
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean isQuiet() {
        return false;
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        if (wasReset) {
            throw new IOException("Broken pipe");
        }
        if (finished) {
            throw new IllegalStateException("expected no output after the end but it is " + length + " bytes");
        }
        if (writing) {
            throw new IllegalStateException("expected one thread to write at a time but two do");
        }
        writing = true;
        sent.append(new String(source, offset, length, ISO_8859_1));
        writing = false;
        return length;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) {
        throw new UnsupportedOperationException("expected no transfer of files without a network");
    }

    @Override
    public void shutdownOutput() {
        outputEnded = true;
    }

    @Override
    public void finish(byte[] lastWords) {
        sent.append(new String(lastWords, ISO_8859_1));
        finished = true;
    }

    @Override
    public void expireRead() {}

    @Override
    public void reset() {
        wasReset = true;
        wake();
    }
}
