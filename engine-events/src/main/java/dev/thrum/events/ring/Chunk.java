package dev.thrum.events.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A piece of memory from which the kernel sends, or of a mapped file. Owned by whoever has taken it from {@link Chunks}. */
public final class Chunk {
    /** The size in bytes, unless it is of a file. */
    public static final int SIZE = 16 * 1024;

    private final int size;
    /** What ends the mapping of a file; null if this is not one. */
    private final @Nullable Arena mapping;

    // 0 once it is freed.
    private long address;
    // The bytes from sent to end are to be sent.
    private int sent;
    private int end;

    Chunk(long address) {
        this.address = address;
        this.size = SIZE;
        this.mapping = null;
    }

    /** A full chunk, of a file that this arena has mapped. */
    Chunk(MemorySegment file, Arena mapping) {
        this.address = file.address();
        this.size = Math.toIntExact(file.byteSize());
        this.end = size;
        this.mapping = mapping;
    }

    /** Appends as many of these bytes as there is room for; returns how many. */
    public int put(byte[] source, int offset, int length) {
        int count = Math.min(length, size - end);
        Kernel.copyTo(live() + end, source, offset, count);
        end += count;
        return count;
    }

    /** Appends as many of these bytes as there is room for, and consumes them; returns how many. */
    public int put(ByteBuffer source) {
        int count = Math.min(source.remaining(), size - end);
        Kernel.copyTo(live() + end, source, count);
        end += count;
        return count;
    }

    /** Whether there is no room. */
    public boolean isFull() {
        return end == size;
    }

    /** The number of bytes that are to be sent. */
    public int length() {
        return end - sent;
    }

    /** The kernel has taken the next bytes, this many. */
    public void take(int count) {
        if (count < 0 || count > length()) {
            throw new IllegalArgumentException("expected 0 to " + length() + " bytes sent but was " + count);
        }
        sent += count;
    }

    void clear() {
        sent = 0;
        end = 0;
    }

    /** The address of the next byte to be sent. */
    long next() {
        return live() + sent;
    }

    /** Ends the mapping of a file; returns false if this is memory. */
    boolean unmapped() {
        if (mapping == null) {
            return false;
        }
        var _ = free();
        mapping.close();
        return true;
    }

    long free() {
        long was = live();
        address = 0;
        return was;
    }

    private long live() {
        if (address == 0) {
            throw new IllegalStateException("expected a chunk in use but it was freed");
        }
        return address;
    }
}
