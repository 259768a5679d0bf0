package dev.thrum.events;

import dev.thrum.engine.spi.Wire;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A Netty channel, read and written through queues. The owner of the connection is a virtual thread, which Netty does
 * not recognize as the event loop that runs it, so every call of the channel is made by a task of the loop. The methods here
 * are called by the owner, unless they say otherwise; the loop's are in {@link ChannelHandle}.
 *
 * <p>Unread input is in a {@link ChannelInput}, which is bounded. So is output (backpressure): past
 * {@link #MOST_HANDED} bytes the owner waits for the loop, past the channel's high-water mark for the network.
 */
final class ChannelWire extends ChannelHandle implements OwnerWait.Waited {
    private static final int MOST_HANDED = 16 * 1024;

    /** Wraps a channel that is not connected or registered yet, so no input arrives before its handler is in place. */
    ChannelWire(NettyLoop loop, DuplexChannel channel, InetSocketAddress peer, ChannelTransport transport) {
        super(loop, channel, peer, transport);
    }

    @Override
    public int read(byte[] target, int offset, int length, long deadline) throws IOException {
        while (!ownerWait.isInputEnded()) {
            int count = input.read(target, offset, length);
            if (count > 0 || (count < 0 && !ownerWait.isAborted())) {
                return count;
            }
            requireWhole();
            ownerWait.await(this, true);
        }
        return END;
    }

    @Override
    public void awaitInput(long deadline) throws IOException {
        if (input.isEmpty() && !ownerWait.isInputEnded()) {
            ownerWait.await(this, true);
        }
    }

    @Override
    public boolean awaitInput(Duration patience, BooleanSupplier woken) throws IOException {
        return !input.isEmpty() || ownerWait.awaitInput(this, patience, woken);
    }

    @Override
    public boolean awaitExchange(long deadline, BooleanSupplier woken) throws IOException {
        return ownerWait.awaitExchange(this, woken);
    }

    @Override
    public int readNow(byte[] target, int offset, int length, long deadline) throws IOException {
        return input.isEmpty() && !ownerWait.isInputEnded() && !ownerWait.isAborted()
                ? 0
                : read(target, offset, length, deadline);
    }

    @Override
    public void rest(Wire.Resting conversation, long deadline) {
        if (Thread.currentThread().equals(home)) {
            home = null;
        } else {
            // It may rest before it has ever run.
            loop.execute(this::register);
        }
        ownerWait.rest(this, conversation);
    }

    @Override
    public byte @Nullable [] borrow() {
        return Thread.currentThread().equals(home) ? loop.borrow() : null;
    }

    @Override
    public void giveBack(byte[] buffer) {
        if (Thread.currentThread().equals(home)) {
            loop.giveBack(buffer);
        }
    }

    @Override
    public int available() {
        return ownerWait.isInputEnded() ? 0 : input.available();
    }

    @Override
    public boolean isQuiet() throws IOException {
        if (nothingHasCome()) {
            ownerWait.awaitTurn();
        }
        return nothingHasCome();
    }

    private boolean nothingHasCome() {
        return input.isEmpty() && !ownerWait.isInputEnded() && !ownerWait.isAborted();
    }

    @Override
    public boolean hasEnded() {
        return input.hasEnded() || ownerWait.isAborted();
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        requireOutput();
        byte[] copy = Arrays.copyOfRange(source, offset, offset + length);
        ownerWait.await(this, false);
        requireWhole();
        boolean much = handed.addAndGet(length) > MOST_HANDED;
        run(() -> transmit(copy));
        if (much) {
            ownerWait.await(this, false);
            requireWhole();
        }
        return length;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) throws IOException {
        requireOutput();
        requireWhole();
        long there = Math.min(count, source.size() - position);
        if (there <= 0) {
            return END;
        }
        transferring = true;
        run(() -> transmit(new HandlersFileRegion(source, position, there)));
        ownerWait.await(this, false);
        requireWhole();
        return there;
    }

    @Override
    public void shutdownOutput() throws IOException {
        requireWhole();
        outputEnded = true;
        run(() -> whenSent(this::endOutput));
    }

    @Override
    public void finish(byte[] lastWords) {
        // Counted at once: a drain reads the count as soon as the conversation has ended.
        boolean mayLinger = lingering.enter();
        run(() -> takeLeave(lastWords, mayLinger));
    }

    @Override
    public void reset() {
        ownerWait.abort();
        loop.execute(this::abandon);
    }

    private void requireWhole() throws IOException {
        if (ownerWait.isAborted()) {
            IOException reason = failure;
            throw new IOException(
                    reason == null
                            ? "expected an open connection but it was reset on this side or its engine closed"
                            : String.valueOf(reason.getMessage()),
                    reason);
        }
    }

    private void requireOutput() throws IOException {
        if (outputEnded) {
            throw new IOException("expected an open output but it was shut down before");
        }
    }

    @Override
    public boolean isReady(boolean toRead) {
        return toRead ? !input.isEmpty() : writable && !transferring && handed.get() <= MOST_HANDED;
    }

    @Override
    public void pollDirectly() throws IOException {
        throw OwnerWait.pinned();
    }
}
