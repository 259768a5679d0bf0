package dev.thrum.tls;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool of buffers for encrypting and decrypting. A connection needs one only while bytes move, so a few serve thousands.
 * Safe for concurrent use.
 */
final class PacketBuffers {
    /** The most bytes of a record: its header, 2^14 bytes, and what a cipher adds (RFC 5246, 6.2.3). */
    static final int PACKET = 5 + 16 * 1024 + 2048;

    /** Room for two records, so that a response of more than one leaves in fewer calls. */
    static final int SIZE = 2 * PACKET;

    private static final int KEPT = 64;

    private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

    /** About how many are spare: a little more may be kept for a moment. */
    private final AtomicInteger spares = new AtomicInteger();

    byte[] take() {
        byte[] known = spare.poll();
        if (known == null) {
            return new byte[SIZE];
        }
        spares.decrementAndGet();
        return known;
    }

    void give(byte[] buffer) {
        if (spares.get() < KEPT) {
            spares.incrementAndGet();
            spare.add(buffer);
        }
    }
}
