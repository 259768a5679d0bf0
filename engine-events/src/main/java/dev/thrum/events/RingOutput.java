package dev.thrum.events;

import dev.thrum.events.ring.Chunk;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The output of a connection: a chunk that is being sent, and one that gathers what is written meanwhile. Owned by the loop's
 * thread.
 */
final class RingOutput {
    private final RingLoop loop;
    private final RingHandle handle;

    private @Nullable Chunk sending;
    private @Nullable Chunk gathering;

    /** Whether the loop will call {@link #send}. */
    private boolean announced;

    RingOutput(RingLoop loop, RingHandle handle) {
        this.loop = loop;
        this.handle = handle;
    }

    boolean hasRoom() {
        return gathering == null || !gathering.isFull();
    }

    /** Whether all has been sent. */
    boolean isEmpty() {
        return sending == null && gathering == null;
    }

    boolean isSending() {
        return sending != null;
    }

    /** Takes as many bytes as there is room for; returns how many. Throws {@link OutOfMemoryError} if a chunk can't be had. */
    int put(byte[] source, int offset, int length) {
        int done = 0;
        while (done < length && hasRoom()) {
            Chunk chunk = chunk();
            done += chunk.put(source, offset + done, length - done);
            gathered(chunk);
        }
        return done;
    }

    /** Takes as many bytes as there is room for, which the buffer then has no more; returns how many. */
    int put(ByteBuffer source) {
        int done = 0;
        while (source.hasRemaining() && hasRoom()) {
            Chunk chunk = chunk();
            done += chunk.put(source);
            gathered(chunk);
        }
        return done;
    }

    /** Sends a full chunk; nothing else may be under way. */
    void put(Chunk full) {
        if (!isEmpty()) {
            throw new IllegalStateException("expected an output that is empty");
        }
        send(full);
    }

    private Chunk chunk() {
        if (gathering == null) {
            gathering = loop.chunks().take();
        }
        return gathering;
    }

    private void gathered(Chunk chunk) {
        if (sending != null) {
            return;
        }
        if (chunk.isFull()) {
            send(chunk);
        } else {
            announce();
        }
    }

    /** What is written in one turn leaves together at its end. */
    private void announce() {
        if (!announced) {
            announced = true;
            loop.sends(this);
        }
    }

    /** The turn ends. */
    void send() {
        announced = false;
        if (sending == null && gathering != null) {
            send(gathering);
        }
    }

    private void send(Chunk chunk) {
        sending = chunk;
        gathering = null;
        handle.submit(chunk);
    }

    /** The kernel has taken bytes of the chunk that is being sent. */
    void sent(int count) {
        Chunk chunk = sending;
        if (chunk == null) {
            return;
        }
        chunk.take(count);
        if (chunk.length() > 0) {
            handle.submit(chunk);
            return;
        }
        loop.chunks().give(chunk);
        sending = null;
        if (gathering != null) {
            gathered(gathering);
        }
    }

    /** Nothing more will be sent. */
    void drop() {
        if (gathering != null) {
            loop.chunks().give(gathering);
            gathering = null;
        }
    }

    /** The kernel sends no more. */
    void ended() {
        if (sending != null) {
            loop.chunks().give(sending);
            sending = null;
        }
        drop();
    }
}
