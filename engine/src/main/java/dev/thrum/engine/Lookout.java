package dev.thrum.engine;

import dev.thrum.base.Threads;
import dev.thrum.engine.spi.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A read of the first byte on a thread of its own: nothing can end the read of a blocking socket but input, so the
 * owner waits for this thread instead. It goes on while the owner does something else, until the owner's next read.
 */
final class Lookout implements Runnable {
    /** Nothing was found, because reading failed. */
    private static final int FAILED = -2;

    private final SocketChannel channel;
    private final Runnable whenDone;
    private final Thread thread = Thread.ofVirtual().unstarted(this);

    // Written by its thread before done, which the owner reads first.
    private int found = FAILED;
    private volatile boolean done;

    /** Creates it; its thread calls {@code whenDone} when it is done. */
    Lookout(SocketChannel channel, Runnable whenDone) {
        this.channel = channel;
        this.whenDone = whenDone;
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            ByteBuffer one = ByteBuffer.allocate(1);
            found = channel.read(one) > 0 ? one.get(0) & 0xff : Wire.END;
        } catch (IOException e) {
            // The owner's next read finds the same.
            found = FAILED;
        } finally {
            done = true;
            whenDone.run();
        }
    }

    boolean isDone() {
        return done;
    }

    /** The byte that it has found, {@link Wire#END}, or less if reading has failed; called when it is done. */
    int found() {
        return found;
    }

    /** Waits until its thread has ended. */
    void join() {
        Threads.joinUninterruptibly(thread);
    }
}
