package dev.thrum.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.spi.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A wire that brings given bytes, in given fragments, and then the end; it keeps what is sent. Owned by one thread. */
public final class FedWire implements Wire {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    private final byte[] input;
    /** The largest number of bytes that come at once. */
    private final int fragment;
    /** Where one read ends however many bytes there are; -1 for nowhere. */
    private final int cut;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int position;
    private @Nullable String saidBeforeEnd;
    private @Nullable IOException failure;
    private boolean reset;

    /** How many writes succeed; then the connection is broken. */
    private int writes = Integer.MAX_VALUE;

    private FedWire(byte[] input, int fragment, int cut) {
        this.input = input;
        this.fragment = fragment;
        this.cut = cut;
    }

    /** These bytes at once. */
    public static FedWire of(byte[] input) {
        return new FedWire(input, Integer.MAX_VALUE, -1);
    }

    /** These characters, a byte each, at once. */
    public static FedWire of(String input) {
        return of(input.getBytes(ISO_8859_1));
    }

    /** The same so many bytes at a time. */
    public FedWire inFragments(int size) {
        return new FedWire(input, size, -1);
    }

    /** The same cut in two. */
    public FedWire cutAt(int at) {
        return new FedWire(input, Integer.MAX_VALUE, at);
    }

    /** This, whose peer has gone after so many writes. */
    public FedWire breakingAfter(int count) {
        writes = count;
        return this;
    }

    /** Everything that was sent. */
    public String said() {
        return output.toString(ISO_8859_1);
    }

    /** What had been sent when more input was asked for than there was; empty if that was never asked for. */
    public Optional<String> saidBeforeEnd() {
        return Optional.ofNullable(saidBeforeEnd);
    }

    /** Whether the connection was cut without an end. */
    public boolean wasReset() {
        return reset;
    }

    /** How many bytes were taken. */
    int taken() {
        return position;
    }

    void broke(IOException e) {
        failure = e;
    }

    /** What ended the conversation, if it did not end by itself. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure);
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
        if (position == input.length) {
            if (saidBeforeEnd == null) {
                saidBeforeEnd = said();
            }
            return END;
        }
        int end = position < cut ? cut : input.length;
        int count = Math.min(Math.min(length, fragment), end - position);
        System.arraycopy(input, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public boolean isQuiet() {
        return true;
    }

    @Override
    public boolean hasEnded() {
        return false;
    }

    @Override
    public int write(byte[] source, int offset, int length, long deadline) throws IOException {
        if (writes == 0) {
            throw new IOException("Broken pipe");
        }
        writes--;
        output.write(source, offset, length);
        return length;
    }

    @Override
    public long transfer(FileChannel source, long position, long count, long deadline) {
        throw new UnsupportedOperationException("expected no files to be sent where bytes are fed");
    }

    @Override
    public void shutdownOutput() {}

    @Override
    public void finish(byte[] lastWords) {
        output.writeBytes(lastWords);
    }

    @Override
    public void expireRead() {}

    @Override
    public void reset() {
        reset = true;
    }
}
