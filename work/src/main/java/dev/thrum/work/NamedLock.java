package dev.thrum.work;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.base.HeldLocks;
import dev.thrum.base.LiveRecords;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A reentrant lock with a name that reports its owner and the threads waiting for it, including virtual threads.
 *
 * <p>{@code tryLockAll} and {@code lockAll} acquire several locks together, always in the order in which the locks
 * were created, whatever the order of the arguments. Threads that acquire all their locks in one such call can't
 * deadlock with each other, because no thread ever waits for a lock older than one it holds. A thread that already
 * holds a lock when it calls breaks that order; then only the time limit ends a deadlock.
 */
public final class NamedLock extends ReentrantLock {
    @Serial
    private static final long serialVersionUID = 1;

    /**
     * The next lock's number. Static although it changes: the order must include all locks of the JVM, or two callers
     * with locks from different sources could disagree on it.
     */
    private static final AtomicLong NEXT_NUMBER = new AtomicLong();

    private static final Comparator<NamedLock> OLDEST_FIRST = Comparator.comparingLong(lock -> lock.number);

    private final String name;
    private final long number = NEXT_NUMBER.getAndIncrement();

    /**
     * The locks of the thread that acquired this one last, so that most calls need no thread-local. Written by the holder;
     * other threads read it without the lock, and only ask whether it is theirs.
     */
    private transient @Nullable HeldLocks holder;

    /** When the lock was acquired by the system's clock, if a thread waited for it then; else 0. Written by the holder. */
    private transient volatile long since;

    /** Creates a free lock; the name is for reports and need not be unique. */
    public NamedLock(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    public String name() {
        return name;
    }

    /** The waits for named locks and the orders in which they were acquired, in this program, at this moment. */
    public static LockReport report() {
        return LockWaits.OF_PROGRAM.report(LockOrder.OF_PROGRAM);
    }

    @Override
    public void lock() {
        if (!LiveRecords.areKept()) {
            super.lock();
            return;
        }
        HeldLocks held = heldByCaller();
        recordOrder(held);
        if (!tryLock(held)) {
            try (LockWait _ = LockWaits.OF_PROGRAM.begin(this, false)) {
                super.lock();
            }
            acquiredAfterWait(held);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (!LiveRecords.areKept()) {
            super.lockInterruptibly();
            return;
        }
        throwIfInterrupted();
        HeldLocks held = heldByCaller();
        recordOrder(held);
        if (!tryLock(held)) {
            try (LockWait _ = LockWaits.OF_PROGRAM.begin(this, false)) {
                super.lockInterruptibly();
            }
            acquiredAfterWait(held);
        }
    }

    @Override
    public boolean tryLock() {
        return LiveRecords.areKept() ? tryLock(heldByCaller()) : super.tryLock();
    }

    @Override
    public boolean tryLock(long timeout, TimeUnit unit) throws InterruptedException {
        if (!LiveRecords.areKept()) {
            return super.tryLock(timeout, unit);
        }
        throwIfInterrupted();
        HeldLocks held = heldByCaller();
        if (timeout > 0) {
            recordOrder(held);
        }
        if (tryLock(held)) {
            return true;
        }
        boolean success;
        try (LockWait _ = LockWaits.OF_PROGRAM.begin(this, true)) {
            success = super.tryLock(timeout, unit);
        }
        if (success) {
            acquiredAfterWait(held);
        }
        return success;
    }

    private static void throwIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** The locks that the calling thread holds. */
    private HeldLocks heldByCaller() {
        HeldLocks last = holder;
        return last != null && last.isOfCaller() ? last : HeldLocks.ofCaller();
    }

    /** Before a wait: an order that is recorded later would be missing in the report of a deadlock. */
    private void recordOrder(HeldLocks held) {
        if (held.count() > 0 && !held.isInStep() && !isHeldByCurrentThread()) {
            LockOrder.OF_PROGRAM.record(held, this);
        }
    }

    /** Acquires the lock if it is free, and records that. */
    private boolean tryLock(HeldLocks held) {
        boolean success = super.tryLock();
        if (success && getHoldCount() == 1) {
            heldBy(held);
            // Mostly nothing is written: a write of a volatile field costs as much as the lock itself.
            if (hasQueuedThreads()) {
                since = LockWaits.now();
            } else if (since != 0) {
                since = 0;
            }
        }
        return success;
    }

    private void acquiredAfterWait(HeldLocks held) {
        heldBy(held);
        since = LockWaits.now();
    }

    @SuppressWarnings("ReferenceEquality") // A thread has one.
    private void heldBy(HeldLocks held) {
        held.acquired(this);
        if (holder != held) {
            holder = held;
        }
    }

    /** When the lock was acquired, by the clock of {@link LockWaits}; 0 if that is not known. */
    long since() {
        return since;
    }

    /** Whether this lock was created before the other one. */
    boolean isOlderThan(NamedLock other) {
        return number < other.number;
    }

    /**
     * Releases the lock.
     *
     * @throws IllegalMonitorStateException if the calling thread does not hold it: the message names it and the owner
     */
    @Override
    public void unlock() {
        int holds = getHoldCount();
        if (holds == 0) {
            throw new IllegalMonitorStateException(
                    "expected the thread that holds it to unlock it but %s tried, and %s: unlock it in the thread that locked it"
                            .formatted(label(Thread.currentThread()), this));
        }
        if (holds == 1 && LiveRecords.areKept()) {
            heldByCaller().released(this);
        }
        super.unlock();
    }

    /** The thread that holds the lock at this moment. */
    public Optional<Thread> owner() {
        return Optional.ofNullable(getOwner());
    }

    /**
     * The threads that wait to acquire the lock, in no particular order; an estimate, because it may change at any
     * time.
     */
    public List<Thread> waiters() {
        return List.copyOf(getQueuedThreads());
    }

    /**
     * Acquires all the locks within the given time by the system's clock, or none; a lock given twice is acquired
     * once.
     *
     * @param patience for all the locks together; zero or less takes only free locks
     * @return the locks, to be released by closing it; empty if one could not be acquired in time
     * @throws InterruptedException if interrupted on entry or in a wait; no lock was acquired
     */
    @CheckReturnValue
    public static Optional<Held> tryLockAll(Duration patience, Collection<NamedLock> locks)
            throws InterruptedException {
        return tryLockAll(Clock.system(), patience, locks);
    }

    /** Acquires locks like {@link #tryLockAll(Duration, Collection)}, within a time by this clock. */
    @CheckReturnValue
    public static Optional<Held> tryLockAll(Clock clock, Duration patience, Collection<NamedLock> locks)
            throws InterruptedException {
        return Optional.ofNullable(attempt(Deadline.in(patience, clock), locks).held);
    }

    /**
     * Acquires all the locks within the given time by the system's clock, or fails with a message that names the
     * missing lock and its owner.
     *
     * @param patience for all the locks together; zero or less takes only free locks
     * @return the locks, to be released by closing it
     * @throws TimeoutException if one could not be acquired in time:
     *     the message names that lock, its owner and the threads that wait for it; no lock was acquired
     * @throws InterruptedException if interrupted on entry or in a wait; no lock was acquired
     */
    @CheckReturnValue
    public static Held lockAll(Duration patience, Collection<NamedLock> locks)
            throws InterruptedException, TimeoutException {
        return lockAll(Clock.system(), patience, locks);
    }

    /** Acquires locks like {@link #lockAll(Duration, Collection)}, within a time by this clock. */
    @CheckReturnValue
    public static Held lockAll(Clock clock, Duration patience, Collection<NamedLock> locks)
            throws InterruptedException, TimeoutException {
        Attempt attempt = attempt(Deadline.in(patience, clock), locks);
        if (attempt.held == null) {
            throw new TimeoutException("expected to hold %d locks within %s but %s: hold it for shorter, or wait longer"
                    .formatted(locks.size(), DurationText.of(patience), attempt.obstacle));
        }
        return attempt.held;
    }

    /** Exactly one of the two is present; the obstacle is described while it exists. */
    private record Attempt(@Nullable Held held, @Nullable String obstacle) {}

    private static Attempt attempt(Deadline deadline, Collection<NamedLock> locks) throws InterruptedException {
        List<NamedLock> acquired = new ArrayList<>(locks.size());
        boolean complete = false;
        try {
            List<NamedLock> inOrder =
                    locks.stream().distinct().sorted(OLDEST_FIRST).toList();
            beginStep(inOrder, deadline);
            for (NamedLock lock : inOrder) {
                if (!deadline.tryLock(lock)) {
                    return new Attempt(null, lock.toString());
                }
                acquired.add(lock);
            }
            Attempt success = new Attempt(new Held(acquired), null);
            complete = true;
            return success;
        } finally {
            endStep();
            if (!complete) {
                release(acquired);
            }
        }
    }

    /** These locks are acquired in one step: their own order is always the same, so only those held before matter. */
    private static void beginStep(List<NamedLock> locks, Deadline deadline) {
        if (LiveRecords.areKept()) {
            HeldLocks held = HeldLocks.ofCaller();
            if (held.count() > 0 && deadline.nanosLeft() > 0) {
                for (NamedLock lock : locks) {
                    lock.recordOrder(held);
                }
            }
            held.beginStep();
        }
    }

    private static void endStep() {
        if (LiveRecords.areKept()) {
            HeldLocks.ofCaller().endStep();
        }
    }

    private static void release(List<NamedLock> locks) {
        locks.reversed().forEach(NamedLock::unlock);
    }

    /** Describes the lock, such as {@code lock "ledger" is held by "teller-1" and waited for by "teller-2"}. */
    @Override
    public String toString() {
        String holder = owner().map(thread -> "held by " + label(thread)).orElse("free");
        List<Thread> waiting = waiters();
        String queue = waiting.isEmpty()
                ? ""
                : " and waited for by " + waiting.stream().map(NamedLock::label).collect(Collectors.joining(", "));
        return "lock \"%s\" is %s%s".formatted(name, holder, queue);
    }

    private static String label(Thread thread) {
        return thread.getName().isEmpty() ? "thread #" + thread.threadId() : "\"" + thread.getName() + "\"";
    }

    /** A copy would have the number of its original, and the order would no longer be total. */
    @Serial
    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("expected a lock to stay in its JVM but it is being serialized: " + name);
    }

    /** Several locks that one thread holds together and releases by {@link #close}. */
    public static final class Held implements AutoCloseable {
        private final Thread owner = Thread.currentThread();
        private final List<NamedLock> locks;

        /** Owned by {@link #owner}: no other thread reads it. */
        private boolean released;

        private Held(List<NamedLock> locks) {
            this.locks = List.copyOf(locks);
        }

        /**
         * Releases the locks, the last acquired first. Idempotent.
         *
         * @throws IllegalMonitorStateException if called by another thread than the one that acquired them
         */
        @Override
        public void close() {
            if (!Thread.currentThread().equals(owner)) {
                throw new IllegalMonitorStateException(
                        "expected %s, which acquired the locks, to release them but %s tried: close in the same thread"
                                .formatted(label(owner), label(Thread.currentThread())));
            }
            if (!released) {
                released = true;
                release(locks);
            }
        }
    }
}
