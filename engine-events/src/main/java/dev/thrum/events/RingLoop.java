package dev.thrum.events;

import dev.thrum.events.ring.Chunks;
import dev.thrum.events.ring.Kernel;
import dev.thrum.events.ring.KernelException;
import dev.thrum.events.ring.Ring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop over a {@link Ring}. Each turn hands out all completions, with the threads that they make ready, runs the other ready
 * threads, gives the kernel's buffers back, and then submits everything, sends included, and waits in one system call.
 *
 * <p>An operation of a connection or listener is known by the slot of its {@link Operator} and by its kind.
 */
final class RingLoop extends Loop implements Ring.Sink {
    // Kinds of operations.
    static final int RECEIVE = 0;
    static final int SEND = 1;
    static final int POLL = 2;
    static final int CONNECT = 3;
    static final int ACCEPT = 4;

    /** The completion of such an operation means nothing. */
    private static final int NOTHING = 6;

    /** A task has come while the loop waited. */
    private static final int WAKE_UP = 7;

    static final int NO_SLOT = -1;

    private static final int KIND_BITS = 3;
    private static final int KIND = (1 << KIND_BITS) - 1;

    private static final int BUFFERS = 64;
    private static final int POLLIN = 1;
    private static final int FIRST_SLOTS = 64;

    private final LongSupplier nanoTime;

    /** What the loop's thread has opened, or why it could not. */
    private final CompletableFuture<Ring> opened = new CompletableFuture<>();

    /** Makes the kernel report that a task has come. */
    private final int wakeUps;

    /** Keeps that descriptor open while a thread uses it. */
    private final DescriptorRefs wakeUpRefs = new DescriptorRefs();

    // All owned by the loop's thread.
    private @Nullable Ring ring;
    private final Chunks chunks = new Chunks();
    private @Nullable Operator[] slots = new Operator[FIRST_SLOTS];
    private int[] freeSlots = new int[FIRST_SLOTS];
    private int free;
    private int used;
    private final List<RingInput> holders = new ArrayList<>();
    private final List<RingOutput> unsent = new ArrayList<>();
    /** Null, or done, if none is set. */
    private @Nullable FutureTask<?> alarm;

    private long alarmAt;
    private boolean closing;

    /** Has operations in the ring. Called on the loop's thread. */
    interface Operator {
        /** An operation of this kind has a result, or an error number, negated; see {@link Ring.Sink}. */
        void complete(int kind, int result, int flags);

        /** Begins to close it: it cancels its operations, and leaves its slot when they are over. */
        void release();
    }

    /**
     * Starts the loop.
     *
     * @throws UnsupportedOperationException if the system refuses a ring
     */
    RingLoop(String name, Executor orphans, Reports reports, LongSupplier nanoTime) {
        super(name, Thread::new, orphans, reports, nanoTime);
        this.nanoTime = nanoTime;
        try {
            this.wakeUps = KernelException.check(Kernel.eventDescriptor(), "eventfd");
            platformThread().start();
            opened.join();
        } catch (KernelException e) {
            throw refused(name, e);
        } catch (CompletionException e) {
            throw refused(name, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static UnsupportedOperationException refused(String name, Throwable cause) {
        return new UnsupportedOperationException(
                "expected a ring of io_uring for " + name + " but " + cause.getMessage(), cause);
    }

    // For code on the loop's thread, virtual threads that it carries included.

    Ring ring() {
        return Objects.requireNonNull(ring);
    }

    Chunks chunks() {
        return chunks;
    }

    /** Gives a slot to an operator; {@link #NO_SLOT} if the loop closes or has ended. */
    int enter(Operator operator) {
        if (closing) {
            return NO_SLOT;
        }
        int slot = free > 0 ? freeSlots[--free] : used++;
        if (slot == slots.length) {
            slots = Arrays.copyOf(slots, slots.length * 2);
        }
        slots[slot] = operator;
        return slot;
    }

    /** Takes a slot back. None of its operations is under way. */
    void leave(int slot) {
        slots[slot] = null;
        if (free == freeSlots.length) {
            freeSlots = Arrays.copyOf(freeSlots, free * 2);
        }
        freeSlots[free++] = slot;
    }

    /** The number of an operation. */
    static long data(int slot, int kind) {
        return (long) slot << KIND_BITS | kind;
    }

    /** Cancels an operation; it will complete. */
    void cancel(int slot, int kind) {
        ring().cancel(data(slot, kind), NOTHING);
    }

    /** The number of an operation whose completion means nothing. */
    static long nothing() {
        return NOTHING;
    }

    /** This input has a buffer of the kernel's, until the end of the turn at the latest. */
    void holds(RingInput input) {
        holders.add(input);
    }

    /** This output has something to send at the end of the turn. */
    void sends(RingOutput output) {
        unsent.add(output);
    }

    @Override
    void open() {
        try {
            ring = Ring.open(BUFFERS);
            ring().poll(wakeUps, POLLIN, true, WAKE_UP);
            opened.complete(ring());
        } catch (KernelException | RuntimeException | Error e) {
            opened.completeExceptionally(e);
            stop();
        }
    }

    @Override
    void poll(long waitNanos) throws KernelException {
        // Few indexes and no iterators: this is every turn. Nothing is added meanwhile.
        for (int i = 0; i < holders.size(); i++) {
            holders.get(i).letGo();
        }
        holders.clear();
        for (int i = 0; i < unsent.size(); i++) {
            unsent.get(i).send();
        }
        unsent.clear();
        try {
            boolean waits = fallsAsleep() || waitNanos > 0;
            ring().enter(waits, waits ? limit(waitNanos) : 0);
        } finally {
            awake();
            // Also what has come before a failure, and deadlines count in any case.
            var _ = ring().complete(this);
            runAlarm();
        }
    }

    private void runAlarm() {
        FutureTask<?> due = alarm;
        if (due != null && nanoTime.getAsLong() - alarmAt >= 0) {
            alarm = null;
            run(due);
        }
    }

    /** How long to wait at most; 0 is without limit. */
    private long limit(long waitNanos) {
        if (alarm == null) {
            return waitNanos;
        }
        long left = Math.max(1, alarmAt - nanoTime.getAsLong());
        return waitNanos == 0 ? left : Math.min(left, waitNanos);
    }

    @Override
    public void complete(long data, int result, int flags) {
        int kind = (int) data & KIND;
        try {
            if (kind < NOTHING) {
                Objects.requireNonNull(slots[(int) (data >>> KIND_BITS)]).complete(kind, result, flags);
            } else if (kind == WAKE_UP && (flags & Ring.MORE) == 0) {
                ring().poll(wakeUps, POLLIN, true, WAKE_UP);
            }
        } catch (RuntimeException | Error e) {
            report("an event of a loop could not be handled", e);
        }
        afterEvent();
    }

    @Override
    void wakeUp() {
        if (wakeUpRefs.enter()) {
            Kernel.signal(wakeUps);
            if (wakeUpRefs.leave()) {
                Kernel.close(wakeUps);
            }
        }
    }

    /** There is one at a time: the wheel's. */
    @Override
    Future<?> alarm(long delayNanos, Runnable task) {
        FutureTask<?> set = new FutureTask<>(task, null);
        alarm = set;
        alarmAt = nanoTime.getAsLong() + delayNanos;
        return set;
    }

    @Override
    void closeConnections() {
        closing = true;
        for (int slot = 0; slot < used; slot++) {
            Operator operator = slots[slot];
            if (operator != null) {
                operator.release();
            }
        }
    }

    @Override
    boolean hasConnections() {
        return used > free;
    }

    @Override
    void shutDown() {
        if (wakeUpRefs.close()) {
            Kernel.close(wakeUps);
        }
        Ring open = ring;
        // Whoever comes too late finds none, and not one whose memory is gone.
        ring = null;
        if (open == null) {
            return;
        }
        if (hasConnections()) {
            // The kernel may still write to the memory of their operations.
            report(
                    "memory of a ring is kept, because operations could not be ended",
                    new IllegalStateException(used - free + " connections"));
            return;
        }
        open.close();
        chunks.close();
    }
}
