package dev.thrum.events.ring;

import java.lang.foreign.Arena;
import java.util.Objects;

/**
 * The buffers of a ring from which the kernel chooses one for each receive that has input: a ring of buffers
 * (io_uring_register(2), {@code IORING_REGISTER_PBUF_RING}). Owned by the ring's thread.
 */
public final class ProvidedBuffers {
    /** The size of a buffer in bytes. */
    public static final int SIZE = 16 * 1024;

    /** The number of the only group. */
    static final int GROUP = 0;

    private static final int REGISTER_PBUF_RING = 22;
    private static final int REGISTRATION = 40;
    private static final int ENTRIES_AT = 8;

    private static final int ENTRY = 16;
    private static final int LENGTH_AT = 8;
    private static final int ID_AT = 12;
    /** In the first entry, in a part that the kernel does not use. */
    private static final int TAIL_AT = 14;

    private final int count;
    private final long ring;
    private final long memory;
    private int tail;

    /** Makes buffers in new memory. {@code count}: a power of two. */
    ProvidedBuffers(int count, int tail) {
        this.count = count;
        this.tail = tail;
        this.ring = Kernel.map((long) count * ENTRY);
        try {
            this.memory = Kernel.map((long) count * SIZE);
        } catch (OutOfMemoryError e) {
            Kernel.unmap(ring, (long) count * ENTRY);
            throw e;
        }
        for (int id = 0; id < count; id++) {
            put(id);
        }
        publish();
    }

    /** Makes buffers and registers them with a ring. */
    static ProvidedBuffers register(int ringDescriptor, int count) throws KernelException {
        ProvidedBuffers buffers = new ProvidedBuffers(count, 0);
        try (Arena arena = Arena.ofConfined()) {
            long registration = arena.allocate(REGISTRATION, Long.BYTES).address();
            Kernel.putLong(registration, buffers.ring);
            Kernel.putInt(registration + ENTRIES_AT, count);
            KernelException.check(
                    Kernel.register(ringDescriptor, REGISTER_PBUF_RING, registration, 1),
                    "io_uring_register (a ring of buffers)");
            return buffers;
        } catch (KernelException | RuntimeException | Error e) {
            buffers.close();
            throw e;
        }
    }

    /** The address of the ring, for tests that play the kernel. */
    long ring() {
        return ring;
    }

    /** The address of a buffer. */
    long address(int id) {
        return memory + (long) Objects.checkIndex(id, count) * SIZE;
    }

    /** Copies bytes that the kernel has put into a buffer. */
    public void copy(int id, int from, byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(from, length, SIZE);
        Kernel.copyFrom(address(id) + from, target, offset, length);
    }

    /** Gives a buffer back to the kernel, once for each completion that has named it. */
    public void giveBack(int id) {
        put(Objects.checkIndex(id, count));
        publish();
    }

    private void put(int id) {
        long entry = ring + (long) (tail & (count - 1)) * ENTRY;
        Kernel.putLong(entry, memory + (long) id * SIZE);
        Kernel.putInt(entry + LENGTH_AT, SIZE);
        Kernel.putShort(entry + ID_AT, (short) id);
        tail++;
    }

    private void publish() {
        Kernel.putShortRelease(ring + TAIL_AT, (short) tail);
    }

    /** Frees the memory; no receive may be under way. */
    void close() {
        Kernel.unmap(memory, (long) count * SIZE);
        Kernel.unmap(ring, (long) count * ENTRY);
    }
}
