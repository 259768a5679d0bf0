package dev.thrum.crawl.fetch;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Blocks of memory that downloads borrow, so that each small file doesn't cost a new one. Safe for concurrent use. */
final class Blocks {
    /** Large enough that calls of the system cost little for each byte. */
    static final int SIZE = 128 * 1024;

    /** More are made when needed, and dropped. */
    private static final int KEPT = 64;

    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(KEPT);

    byte[] borrow() {
        byte[] known = free.poll();
        return known == null ? new byte[SIZE] : known;
    }

    void giveBack(byte[] block) {
        boolean _ = free.offer(block);
    }
}
