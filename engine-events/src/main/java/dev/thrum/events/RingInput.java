package dev.thrum.events;

/**
 * The unread input of a connection: the rest of a buffer of the kernel's, which is copied at the end of the turn, for there are
 * few; after it, bytes on the heap. Owned by the loop's thread.
 */
final class RingInput {
    private static final byte[] NOTHING = new byte[0];
    private static final int NO_BUFFER = -1;

    /** The heap grows in larger steps up to this size. */
    private static final int USUAL = 32 * 1024;

    private final RingLoop loop;
    private final RingHandle handle;

    // The bytes from position to limit of the buffer.
    private int buffer = NO_BUFFER;
    private int position;
    private int limit;

    // The bytes from first to end.
    private byte[] heap = NOTHING;
    private int first;
    private int end;

    RingInput(RingLoop loop, RingHandle handle) {
        this.loop = loop;
        this.handle = handle;
    }

    boolean isEmpty() {
        return buffer == NO_BUFFER && first == end;
    }

    int available() {
        return limit - position + end - first;
    }

    /** Adds what a receive has brought. */
    void add(int received, int count) {
        if (isEmpty()) {
            buffer = received;
            position = 0;
            limit = count;
            loop.holds(this);
            return;
        }
        try {
            makeRoom(count);
            loop.ring().buffers().copy(received, 0, heap, end, count);
            end += count;
        } catch (OutOfMemoryError e) {
            // What is lost can't be read any more.
            handle.abandon();
        } finally {
            loop.ring().buffers().giveBack(received);
        }
    }

    private void makeRoom(int count) {
        int kept = end - first;
        if (end + count <= heap.length) {
            return;
        }
        int needed = kept + count;
        byte[] target = needed <= heap.length ? heap : new byte[Math.max(needed, Math.min(needed * 2, USUAL))];
        System.arraycopy(heap, first, target, 0, kept);
        heap = target;
        first = 0;
        end = kept;
    }

    /** Takes the first bytes, this many at most; returns how many, or 0 if there are none. */
    int take(byte[] target, int offset, int length) {
        if (buffer != NO_BUFFER) {
            int count = Math.min(length, limit - position);
            loop.ring().buffers().copy(buffer, position, target, offset, count);
            position += count;
            if (position == limit) {
                giveBack();
            }
            return count;
        }
        int count = Math.min(length, end - first);
        System.arraycopy(heap, first, target, offset, count);
        first += count;
        if (first == end) {
            forget();
        }
        return count;
    }

    /** The turn is over: copies the rest of the buffer, in front of what came later. */
    void letGo() {
        if (buffer == NO_BUFFER) {
            return;
        }
        int rest = limit - position;
        int later = end - first;
        try {
            byte[] all = new byte[rest + later];
            loop.ring().buffers().copy(buffer, position, all, 0, rest);
            System.arraycopy(heap, first, all, rest, later);
            heap = all;
            first = 0;
            end = all.length;
            giveBack();
        } catch (OutOfMemoryError e) {
            // What is lost can't be read any more.
            handle.abandon();
        }
    }

    /** Discards everything. */
    void drop() {
        if (buffer != NO_BUFFER) {
            giveBack();
        }
        forget();
    }

    private void giveBack() {
        loop.ring().buffers().giveBack(buffer);
        buffer = NO_BUFFER;
        position = 0;
        limit = 0;
    }

    private void forget() {
        heap = NOTHING;
        first = 0;
        end = 0;
    }
}
