package dev.thrum.http.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One file, opened some times over, for the answers to come. Safe for concurrent use.
 *
 * <p>Each answer has a channel to itself: when one is cut, its thread may be interrupted, and that closes the channel.
 */
final class OpenFilePool {
    private final ConcurrentLinkedDeque<FileChannel> idle = new ConcurrentLinkedDeque<>();

    /** How many more may be kept, of all files together. */
    private final AtomicInteger room;

    /** Only ever set; who adds looks at it afterwards, so that nothing stays behind. */
    private volatile boolean retired;

    OpenFilePool(AtomicInteger room) {
        this.room = room;
    }

    /** A channel for one answer, to be given back or closed; null if none is idle. */
    @Nullable
    FileChannel take() {
        FileChannel channel = idle.pollFirst();
        if (channel != null) {
            room.incrementAndGet();
        }
        return channel;
    }

    /** Keeps a channel that was used, or closes it where there is no room. */
    void give(FileChannel channel) throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        if (room.getAndDecrement() <= 0) {
            room.incrementAndGet();
            channel.close();
            return;
        }
        idle.addFirst(channel);
        if (retired) {
            closeIdle();
        }
    }

    /** Closes what is idle, and whatever is given back from now on. */
    void retire() throws IOException {
        retired = true;
        closeIdle();
    }

    /** Closes what is idle. */
    void closeIdle() throws IOException {
        for (FileChannel channel = take(); channel != null; channel = take()) {
            channel.close();
        }
    }
}
