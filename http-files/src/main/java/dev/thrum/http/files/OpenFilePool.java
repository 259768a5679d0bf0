package dev.thrum.http.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Open channels of one file, for later responses. Safe for concurrent use.
 *
 * <p>Each response has a channel of its own: aborting a response may interrupt its thread, and that closes the channel.
 */
final class OpenFilePool {
    private final ConcurrentLinkedDeque<FileChannel> idle = new ConcurrentLinkedDeque<>();

    /** The number of channels that may still be kept, shared by all files. */
    private final AtomicInteger room;

    /** Never cleared. A thread that adds a channel reads it afterwards, so that none stays open. */
    private volatile boolean retired;

    OpenFilePool(AtomicInteger room) {
        this.room = room;
    }

    /** A channel for one response, to be returned or closed; null if none is idle. */
    @Nullable
    FileChannel take() {
        FileChannel channel = idle.pollFirst();
        if (channel != null) {
            room.incrementAndGet();
        }
        return channel;
    }

    /** Keeps a channel that was used, or closes it if there is no room. */
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

    /** Closes idle channels, and all that are returned from now on. */
    void retire() throws IOException {
        retired = true;
        closeIdle();
    }

    /** Closes idle channels. */
    void closeIdle() throws IOException {
        for (FileChannel channel = take(); channel != null; channel = take()) {
            channel.close();
        }
    }
}
