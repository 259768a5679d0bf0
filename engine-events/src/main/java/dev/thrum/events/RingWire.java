package dev.thrum.events;

import dev.thrum.engine.spi.Wire;
import dev.thrum.events.ring.Kernel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection whose bytes its loop receives and sends through a {@link dev.thrum.events.ring.Ring}.
 *
 * <p>The owner that runs on the loop uses the connection's state directly, since nothing else runs there meanwhile. Any other
 * thread hands each call to the loop and waits for it.
 *
 * <p>Unread input is bounded by the limit of a receive, and output by two chunks; then the owner waits (backpressure). The
 * methods here are called by the owner, unless they say otherwise; the loop's are in {@link RingHandle}.
 */
final class RingWire extends RingHandle implements OwnerWait.Waited {
    /** Long enough for every connection attempt: the kernel gives up before. */
    private static final long LONGEST_ATTEMPT = Duration.ofDays(1).toNanos();

    // Set on the loop's thread before the conversation begins; cleared by the owner when it rests.
    private @Nullable Thread home;

    // Set by the thread whose turn it is to write, never cleared.
    private volatile boolean outputEnded;

    /** What is known about a stream at one moment. */
    private enum Silence {
        QUIET,
        NOT_QUIET,
        /** The loop has reports that it has not handled. */
        UNKNOWN
    }

    /** Creates a wire over an accepted socket, or one that is to be connected; it is idle until its conversation begins. */
    RingWire(RingLoop loop, int socket, InetSocketAddress peer, InetSocketAddress local, RingTransport transport) {
        super(loop, socket, peer, local, transport);
    }

    @Override
    public void begin(@Nullable Thread owner) {
        home = owner;
        receiveUnlessUnread();
    }

    private boolean isHome() {
        return Thread.currentThread().equals(home);
    }

    /** Makes a call on the loop's thread. */
    private <T> T onLoop(Callable<T> call) throws IOException {
        if (!isHome()) {
            return loop.call(call);
        }
        try {
            return call.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("expected a connection but a call of it failed", e);
        }
    }

    /** Asks the kernel for more, if everything that has come is read. Called on the loop's thread. */
    private void receiveUnlessUnread() {
        if (input.isEmpty()) {
            receive();
        }
    }

    private void requestInput() {
        if (isHome()) {
            receiveUnlessUnread();
        } else {
            loop.execute(this::receiveUnlessUnread);
        }
    }

    /** Opens the connection; waits until the peer has accepted or refused it. */
    void awaitOpen(long deadline) throws IOException {
        writable = false;
        long left = Math.clamp(deadline - transport.clock().nanoTime(), 1, LONGEST_ATTEMPT);
        loop.execute(() -> open(left));
        ownerWait.awaitOpen(this, deadline);
        requireWhole();
        if (failure != 0) {
            throw new ConnectException(Kernel.text(failure));
        }
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        while (true) {
            int count = readNow(target, offset, length, deadline);
            if (count != 0) {
                return count;
            }
            requestInput();
            ownerWait.await(this, true);
        }
    }

    @Override
    public int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        requireWhole();
        if (ownerWait.isInputEnded()) {
            return END;
        }
        return isHome() ? take(target, offset, length) : loop.call(() -> take(target, offset, length));
    }

    /** Takes what is there; 0 if nothing is. Called on the loop's thread. */
    private int take(byte[] target, int offset, int length) throws IOException {
        int count = input.take(target, offset, length);
        if (count == 0 && ended) {
            if (failure != 0) {
                throw new IOException(Kernel.text(failure));
            }
            return END;
        }
        if (readable && !ended && input.isEmpty()) {
            readable = false;
            // At once, because an owner that does not wait may still ask what is there, and whether the peer has ended.
            receive();
        }
        return count;
    }

    @Override
    public void awaitInput(long deadline) throws IOException {
        if (!readable) {
            requestInput();
            ownerWait.await(this, true);
        }
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        if (readable) {
            return true;
        }
        requestInput();
        return ownerWait.awaitInput(this, patience, woken);
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        if (readable) {
            return true;
        }
        requestInput();
        return ownerWait.awaitExchange(this, woken);
    }

    @Override
    public void rest(Wire.Resting conversation, long deadline) {
        requestInput();
        if (isHome()) {
            home = null;
        }
        ownerWait.rest(this, conversation);
    }

    @Override
    public byte @Nullable [] borrow() {
        return isHome() ? loop.borrow() : null;
    }

    @Override
    public void giveBack(byte[] buffer) {
        if (isHome()) {
            loop.giveBack(buffer);
        }
    }

    @Override
    public int available() throws IOException {
        return readable && !ownerWait.isInputEnded() ? onLoop(input::available) : 0;
    }

    @Override
    public boolean isQuiet() throws IOException {
        Silence silence = onLoop(this::silence);
        while (silence == Silence.UNKNOWN) {
            ownerWait.awaitTurn();
            silence = onLoop(this::silence);
        }
        return silence == Silence.QUIET;
    }

    private Silence silence() throws IOException {
        if (ownerWait.isInputEnded() || !isPresent() || !input.isEmpty()) {
            return Silence.NOT_QUIET;
        }
        if (failure == 0 && !ended) {
            // What has left the socket is among the completions.
            if (loop.ring().hasCompletions()) {
                return Silence.UNKNOWN;
            }
            int found = Kernel.peek(socket);
            if (found == -Kernel.EAGAIN) {
                return Silence.QUIET;
            }
            if (found == 0) {
                endInput();
            } else if (found < 0) {
                fail(-found);
            }
        }
        if (failure != 0) {
            throw new IOException(Kernel.text(failure));
        }
        return Silence.NOT_QUIET;
    }

    @Override
    public boolean hasEnded() {
        return ended || ownerWait.isAborted();
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        int done = 0;
        while (true) {
            int from = offset + done;
            int left = length - done;
            done += isHome() ? put(source, from, left) : loop.call(() -> put(source, from, left));
            if (done == length) {
                return length;
            }
            ownerWait.await(this, false);
        }
    }

    /** Takes as many bytes as there is room for. Called on the loop's thread. */
    private int put(byte[] source, int offset, int length) throws IOException {
        requireOutput();
        if (outputEnded) {
            throw new IOException("expected an open output but it was shut down before");
        }
        try {
            int count = output.put(source, offset, length);
            if (count < length) {
                writable = false;
                wantsAllSent = false;
            }
            return count;
        } catch (OutOfMemoryError e) {
            // At once: the owner may end before a task of the loop would run, and then it would look like an end.
            abandon();
            throw new IOException("expected memory for output but there is none: the connection is reset", e);
        }
    }

    /** Waits until everything that was written is sent. */
    private void awaitSent() throws IOException {
        while (!onLoop(this::isSent)) {
            ownerWait.await(this, false);
        }
    }

    private boolean isSent() throws IOException {
        requireOutput();
        if (output.isEmpty()) {
            return true;
        }
        writable = false;
        wantsAllSent = true;
        return false;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        awaitSent();
        if (!SendFile.sends(source)) {
            long part = Math.min(Math.min(count, SendFile.MOST), source.size() - position);
            if (part <= 0) {
                return END;
            }
            return onLoop(() -> sendMapped(source, position, (int) part))
                    ? part
                    : copy(source, position, count, deadline);
        }
        while (true) {
            long sent = onLoop(() -> sendFile(source, position, count));
            if (sent != 0) {
                return sent;
            }
            ownerWait.await(this, false);
            requireWhole();
        }
    }

    /** Sends bytes of a file; 0 if the socket takes none now, which is watched from then on. Called on the loop's thread. */
    private long sendFile(FileChannel source, long position, long count) throws IOException {
        requireOutput();
        long sent = SendFile.send(socket, source, position, count);
        if (sent == 0) {
            if (position >= source.size()) {
                return END;
            }
            pollOutput();
        }
        return sent;
    }

    /** Has the kernel send from a mapping of a file; false if it can't be mapped. Called on the loop's thread. */
    private boolean sendMapped(FileChannel source, long position, int count) throws IOException {
        requireOutput();
        try {
            output.put(loop.chunks().map(source, position, count));
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public int transferChunk() {
        return SendFile.MOST;
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireWhole();
        outputEnded = true;
        // Does not wait: the outbox calls this on the loop's thread.
        if (isHome()) {
            endOutput();
        } else {
            loop.execute(this::endOutput);
        }
    }

    @Override
    public void finish(byte[] lastWords) {
        // Counted at once: a drain reads the count as soon as the conversation has ended.
        boolean mayLinger = lingering().enter();
        if (isHome()) {
            loop.soon(() -> takeLeave(lastWords, mayLinger));
        } else {
            loop.execute(() -> takeLeave(lastWords, mayLinger));
        }
    }

    /** Any thread may call. */
    @Override
    public void reset() {
        ownerWait.abort();
        loop.execute(this::abandon);
    }

    private void requireWhole() throws IOException {
        if (ownerWait.isAborted()) {
            throw SocketCalls.closed();
        }
    }

    @Override
    public boolean isReady(boolean toRead) {
        return toRead ? readable : writable;
    }

    @Override
    public void pollDirectly() throws IOException {
        throw OwnerWait.pinned();
    }
}
