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

    /** Room for the records of all that one write of a connection is asked to send. */
    private static final int LONG_SIZE = 9 * PACKET;

    /** The most long buffers, in use or not: peers that don't read must not hold a long one each. */
    private static final int MOST_LONG = 32;

    private final SpareBuffers<byte[]> spare = new SpareBuffers<>(() -> new byte[SIZE]);

    private final Queue<byte[]> spareLong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger madeLong = new AtomicInteger();

    byte[] take() {
        return spare.take();
    }

    /** A buffer for encrypting this many bytes: a long one if they need it and one is free. */
    byte[] take(int length) {
        if (length <= 2 * 16 * 1024) {
            return take();
        }
        byte[] known = spareLong.poll();
        if (known != null) {
            return known;
        }
        if (madeLong.incrementAndGet() <= MOST_LONG) {
            return new byte[LONG_SIZE];
        }
        madeLong.decrementAndGet();
        return take();
    }

    void give(byte[] buffer) {
        if (buffer.length == LONG_SIZE) {
            spareLong.add(buffer);
        } else {
            spare.give(buffer);
        }
    }
}
