package dev.thrum.engine;

import dev.thrum.base.Clock;
import dev.thrum.base.OldestItem;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The messages of an outbox in order, and how far they were sent. Guarded by the outbox's lock. */
final class MessageQueue {
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();

    /** The bytes of these messages, including those of the first one that were sent already. */
    private int bytes;

    /** How many bytes of the first message the network has taken. */
    private int headSent;

    private final OldestItem oldest;

    /** How many messages, from the first one, are being sent at this moment, at least in part. */
    private int inFlight;

    MessageQueue(Clock clock) {
        oldest = new OldestItem(clock);
    }

    int size() {
        return messages.size();
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int bytes() {
        return bytes;
    }

    void add(byte[] message) {
        messages.add(message);
        bytes += message.length;
        oldest.added();
    }

    /** Nanoseconds that the oldest message has waited, at least. */
    long oldestNanos() {
        return oldest.nanos();
    }

    /** Removes the oldest message that is not being sent; returns whether there was one. */
    boolean removeOldest() {
        Iterator<byte[]> next = messages.iterator();
        for (int i = Math.max(inFlight, headSent > 0 ? 1 : 0); i > 0; i--) {
            next.next();
        }
        if (!next.hasNext()) {
            return false;
        }
        bytes -= next.next().length;
        next.remove();
        oldest.removed(1);
        return true;
    }

    void clear() {
        oldest.removed(messages.size());
        messages.clear();
        bytes = 0;
        headSent = 0;
        inFlight = 0;
    }

    /** As many messages as one array of about this size holds, or null; they count as being sent until {@link #sent}. */
    byte @Nullable [] next(int size) {
        byte[] first = messages.peek();
        if (first == null) {
            return null;
        }
        if (headSent == 0 && (messages.size() == 1 || first.length >= size)) {
            inFlight = 1;
            return first;
        }
        byte[] batch = new byte[Math.min(Math.max(size, first.length - headSent), bytes - headSent)];
        int _ = copyTo(ByteBuffer.wrap(batch));
        return batch;
    }

    /** Copies the next bytes, as many as there is room for; their messages count as being sent until {@link #sent}. */
    int copyTo(ByteBuffer target) {
        int from = headSent;
        int begun = target.position();
        inFlight = 0;
        for (byte[] message : messages) {
            int count = Math.min(message.length - from, target.remaining());
            target.put(message, from, count);
            from = 0;
            inFlight++;
            if (!target.hasRemaining()) {
                break;
            }
        }
        return target.position() - begun;
    }

    /** Whether the next byte to be sent is the first one of a message. */
    boolean isBetweenMessages() {
        return headSent == 0;
    }

    /** The network has taken this many bytes, from the first one on; returns whether a message was removed. */
    boolean sent(int count) {
        inFlight = 0;
        headSent += count;
        boolean removed = false;
        for (byte[] first = messages.peek(); first != null && headSent >= first.length; first = messages.peek()) {
            headSent -= first.length;
            bytes -= first.length;
            messages.remove();
            oldest.removed(1);
            removed = true;
        }
        if (messages.isEmpty()) {
            // Also if the outbox was emptied meanwhile, because the connection has ended.
            headSent = 0;
        }
        return removed;
    }
}
