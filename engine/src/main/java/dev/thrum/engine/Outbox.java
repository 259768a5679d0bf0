package dev.thrum.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait to be sent to one peer. Any thread may add some, so the handler of one connection can reach the
 * clients of others: {@link Connection#outbox}.
 *
 * <p>Messages are whole: none is sent within a unit that the handler itself is writing, which ends when it flushes or
 * waits for input. Each sender's messages keep their order. The handler may use the outbox too, but what it writes
 * directly may be sent before older messages.
 *
 * <p>An outbox is bounded. When a message finds no room, {@link WhenFull} says what happens, and the call's
 * {@link Outcome} tells the sender. While messages wait, the peer must go on reading within the write deadline. An empty
 * outbox uses no thread.
 *
 * <p>When its handler returns, an outbox takes no more messages; those that wait are sent before the connection closes.
 * Safe for concurrent use.
 */
public final class Outbox {
    /** What happens to a message for which there is no room. */
    public enum WhenFull {
        /**
         * The peer reads too slowly, so its connection ends: its handler finds the end of the input. The peer still gets
         * the messages that wait, and a last one from {@link ConnectionHandler#refusal} if that fits, provided that it
         * reads them within the write deadline.
         */
        DISCONNECT,
        /** The oldest message that is not being sent is dropped. */
        DROP_OLDEST,
        /** The new message is dropped. */
        DROP_NEWEST,
        /** {@link Outbox#send} waits for room; {@link Outbox#offer} doesn't, and returns {@link Outcome#FULL}. */
        WAIT
    }

    /** What became of a message. */
    public enum Outcome {
        /** It will be sent, unless the connection breaks or the message is dropped later. */
        ACCEPTED,
        /** It was dropped: there was no room ({@link WhenFull#DROP_NEWEST}). */
        DROPPED,
        /** It was not added: there was no room, and {@link Outbox#offer} doesn't wait ({@link WhenFull#WAIT}). */
        FULL,
        /** It was not added: there is or was no room, so the connection ends ({@link WhenFull#DISCONNECT}). */
        DISCONNECTED,
        /** It was not added: the connection has ended, or its handler has returned. */
        ENDED
    }

    /**
     * The bounds of an outbox.
     *
     * @param messages how many messages wait at most, including the one that is being sent
     * @param bytes how many bytes they have together at most, and so each one
     */
    public record Bounds(int messages, int bytes, WhenFull whenFull) {
        private static final Bounds DEFAULTS = new Bounds(256, 256 * 1024, WhenFull.DISCONNECT);

        public Bounds {
            if (messages < 1 || bytes < 1) {
                throw new IllegalArgumentException("expected an outbox of at least 1 message and 1 byte but it was of "
                        + messages + " messages and " + bytes + " bytes");
            }
        }

        /** 256 messages, 256 KiB, {@link WhenFull#DISCONNECT}. */
        public static Bounds defaults() {
            return DEFAULTS;
        }

        public Bounds withMessages(int value) {
            return new Bounds(value, bytes, whenFull);
        }

        public Bounds withBytes(int value) {
            return new Bounds(messages, value, whenFull);
        }

        public Bounds withWhenFull(WhenFull value) {
            return new Bounds(messages, bytes, value);
        }
    }

    private enum State {
        OPEN,
        /** The peer was too slow: its last message is still to be added. */
        SLOW,
        /** No more messages are taken; those that wait are sent. */
        SEALED,
        ENDED
    }

    private final Connection connection;
    private final OutputHalf half;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    @GuardedBy("lock")
    private final MessageQueue messages;

    @GuardedBy("lock")
    private State state = State.OPEN;

    // Set under the lock, never cleared; volatile for isSlowAndEmpty.
    /** Whether the connection ends because the peer was too slow. */
    private volatile boolean slow;

    /** Whether a thread is about to add the last message of a slow consumer. */
    @GuardedBy("lock")
    private boolean ending;

    @GuardedBy("lock")
    private Bounds bounds;

    @GuardedBy("lock")
    private long dropped;

    Outbox(Connection connection, OutputHalf half, Bounds bounds) {
        this.connection = connection;
        this.half = half;
        this.messages = new MessageQueue(connection.clock());
        this.bounds = bounds;
    }

    /** Sets other bounds, for the messages added from now on. */
    public void bounds(Bounds value) {
        lock.lock();
        try {
            bounds = value;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The number of messages that wait, including the one that is being sent. */
    public int waiting() {
        lock.lock();
        try {
            return messages.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long the oldest message has waited, at least; zero if none waits. It is exact if that message has found the outbox
     * empty. Otherwise it may be too short, by the time until an older one was sent.
     */
    public Duration oldestWait() {
        lock.lock();
        try {
            return Duration.ofNanos(messages.oldestNanos());
        } finally {
            lock.unlock();
        }
    }

    /** The number of messages dropped so far: for want of room, or because the connection ended before they were sent. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a message; returns at once.
     *
     * @param message the bytes to send. They are not copied, so that many outboxes can share them: don't change them
     *     afterwards
     * @throws IllegalArgumentException if the message is larger than the whole outbox may be
     */
    public Outcome offer(byte[] message) {
        Outcome outcome;
        lock.lock();
        try {
            outcome = add(message);
        } finally {
            lock.unlock();
        }
        return settled(outcome);
    }

    /**
     * Adds a message like {@link #offer}, but waits for room if the outbox is full and its bounds say
     * {@link WhenFull#WAIT}. The wait ends when the peer has read, or the connection ends, by its write deadline at the
     * latest.
     *
     * @throws IllegalStateException if the connection's own handler would wait here: its output might wait for itself
     */
    public Outcome send(byte[] message) throws InterruptedException {
        Outcome outcome;
        lock.lockInterruptibly();
        try {
            outcome = add(message);
            while (outcome == Outcome.FULL) {
                if (half.isWrittenBy(Thread.currentThread())
                        || connection.life().isHandledBy(Thread.currentThread())) {
                    throw new IllegalStateException("expected room in the outbox of connection " + connection.number()
                            + " but it is full (" + messages.size() + " messages, " + messages.bytes()
                            + " bytes), and its own handler must not wait for it: write directly, or use offer");
                }
                room.await();
                outcome = add(message);
            }
        } finally {
            lock.unlock();
        }
        return settled(outcome);
    }

    @GuardedBy("lock")
    private Outcome add(byte[] message) {
        if (state != State.OPEN) {
            return slow ? Outcome.DISCONNECTED : Outcome.ENDED;
        }
        if (message.length == 0) {
            return Outcome.ACCEPTED;
        }
        if (message.length > bounds.bytes()) {
            throw new IllegalArgumentException("expected a message of at most " + bounds.bytes() + " bytes but it has "
                    + message.length + ": split it, or raise the bounds of the outbox");
        }
        if (!fits(message)) {
            switch (bounds.whenFull()) {
                case WAIT -> {
                    return Outcome.FULL;
                }
                case DISCONNECT -> {
                    state = State.SLOW;
                    slow = true;
                    return Outcome.DISCONNECTED;
                }
                case DROP_NEWEST -> {
                    drop(1);
                    return Outcome.DROPPED;
                }
                case DROP_OLDEST -> {
                    dropOldestFor(message);
                    if (!fits(message)) {
                        // All that wait are being sent.
                        drop(1);
                        return Outcome.DROPPED;
                    }
                }
            }
        }
        messages.add(message);
        return Outcome.ACCEPTED;
    }

    @GuardedBy("lock")
    private boolean fits(byte[] message) {
        return messages.size() < bounds.messages() && message.length <= bounds.bytes() - messages.bytes();
    }

    @GuardedBy("lock")
    private void dropOldestFor(byte[] message) {
        while (!fits(message) && messages.removeOldest()) {
            drop(1);
        }
    }

    @GuardedBy("lock")
    private void drop(int count) {
        dropped += count;
        connection.engine().registry().countDropped(count);
    }

    /** Does what follows from an outcome, without the lock. */
    private Outcome settled(Outcome outcome) {
        if (outcome == Outcome.ACCEPTED) {
            half.messagesWait();
        } else if (outcome == Outcome.DISCONNECTED) {
            endSlowConsumer();
        }
        return outcome;
    }

    /** Adds the last message of a slow consumer and ends its input; done by the first thread that finds it too slow. */
    private void endSlowConsumer() {
        lock.lock();
        try {
            if (state != State.SLOW || ending) {
                return;
            }
            ending = true;
        } finally {
            lock.unlock();
        }
        addLast(connection.life().lastWords());
        connection.life().note(Ending.late(Ending.Cause.TOO_SLOW));
        connection.engine().registry().countSlow();
        connection.shutdownInput();
        half.messagesWait();
    }

    private void addLast(byte[] words) {
        lock.lock();
        try {
            if (state != State.SLOW) {
                return;
            }
            state = State.SEALED;
            if (words.length > 0 && words.length <= bounds.bytes() - messages.bytes()) {
                messages.add(words);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more messages; those that wait can still be sent. */
    void seal() {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = State.SEALED;
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The connection has ended: what waits can't be sent any more. */
    void end() {
        lock.lock();
        try {
            if (state == State.ENDED) {
                return;
            }
            state = State.ENDED;
            if (!messages.isEmpty()) {
                drop(messages.size());
            }
            messages.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // For the thread that has the turn.

    /**
     * Takes as many messages as one array of about this size holds; they count as being sent until {@link #sent}. If
     * there is none, this ends the draining of the outbox.
     */
    byte @Nullable [] drain(int size) {
        lock.lock();
        try {
            byte[] batch = messages.next(size);
            if (batch == null) {
                // Under the lock: a thread that adds a message later finds the turn free.
                half.endDrain();
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Takes messages like {@link #drain}, for the owner of the output, who keeps the turn. */
    byte @Nullable [] take(int size) {
        lock.lock();
        try {
            return messages.next(size);
        } finally {
            lock.unlock();
        }
    }

    /** Copies as many bytes as there is room for, like {@link #drain}. */
    int drainTo(ByteBuffer target) {
        lock.lock();
        try {
            if (messages.isEmpty()) {
                half.endDrain();
                return 0;
            }
            return messages.copyTo(target);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the next byte to be sent is the first one of a message. */
    boolean isBetweenMessages() {
        lock.lock();
        try {
            return messages.isBetweenMessages();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The network has taken this many bytes, from the first one on; nothing is being sent any more. If no message is left,
     * this ends the draining of the outbox.
     *
     * @return whether messages are left
     */
    boolean drained(int count) {
        lock.lock();
        try {
            remove(count);
            if (messages.isEmpty()) {
                // Under the lock, as in drain.
                half.endDrain();
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The network has taken this many bytes, like {@link #drained}, for the owner of the output, who keeps the turn. */
    void sent(int count) {
        lock.lock();
        try {
            remove(count);
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void remove(int count) {
        if (messages.sent(count)) {
            room.signalAll();
        }
    }

    /** Whether the peer was too slow and everything that it still gets has been sent. */
    boolean isSlowAndEmpty() {
        if (!slow) {
            return false;
        }
        lock.lock();
        try {
            return slow && state == State.SEALED && messages.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
