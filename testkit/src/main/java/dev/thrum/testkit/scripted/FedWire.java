package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.thrum.engine.spi.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A wire whose input is given bytes, in fragments, and then the end; it keeps the output. Owned by one thread. */
public final class FedWire implements Wire {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 2);

    private final byte[] input;
    /** The maximum number of bytes of one read. */
    private final int fragment;
    /** The position at which a read ends even if there are more bytes; -1 for none. */
    private final int cut;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int position;
    private @Nullable String saidBeforeEnd;
    private @Nullable IOException failure;
    private boolean reset;

    /** The number of writes that succeed before the connection breaks. */
    private int writes = Integer.MAX_VALUE;

    private FedWire(byte[] input, int fragment, int cut) {
        this.input = input;
        this.fragment = fragment;
        this.cut = cut;
    }

    /** A wire with this input, read at once. */
    public static FedWire of(byte[] input) {
        return new FedWire(input, Integer.MAX_VALUE, -1);
    }

    /** A wire with this input, one byte for each character, read at once. */
    public static FedWire of(String input) {
        return of(input.getBytes(ISO_8859_1));
    }

    /** A wire with the same input, at most this many bytes in each read. */
    public FedWire inFragments(int size) {
        return new FedWire(input, size, -1);
    }

    /** A wire with the same input, cut in two. */
    public FedWire cutAt(int at) {
        return new FedWire(input, Integer.MAX_VALUE, at);
    }

    /** Makes writes fail after this number of writes; returns this wire. */
    public FedWire breakingAfter(int count) {
        writes = count;
        return this;
    }

    /** The whole output. */
    public String said() {
        return output.toString(ISO_8859_1);
    }

    /** The output at the first read after the end of the input; empty if there was no such read. */
    public Optional<String> saidBeforeEnd() {
        return Optional.ofNullable(saidBeforeEnd);
    }

    /** Whether the connection was reset. */
    public boolean wasReset() {
        return reset;
    }

    void broke(IOException e) {
        failure = e;
    }

    /** The failure that ended the conversation, if one did. */
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
    public boolean awaitInput(Duration patience, BooleanSupplier woken) {
        return true;
    }

    @Override
    public void wake() {
        // Nobody waits: all input is there.
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
        throw new UnsupportedOperationException("expected no transfer of files over a wire with given bytes");
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
