package dev.thrum.simulation.explore.run;

import static dev.thrum.simulation.explore.run.ExploredThread.GLOBAL;
import static dev.thrum.simulation.explore.run.ExploredThread.NEVER;
import static dev.thrum.simulation.explore.run.ExploredThread.WRITE;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.Waits.Wait;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code calls before, instead of, or after those methods of the JDK that may wait. Public because that code is in
 * other packages; programs don't call it.
 *
 * <p>Objects of the JDK keep their state: a hook waits until the call can succeed at once, and then the call is made. A hook with
 * a time limit returns the limit for the call: 0 when the time is over.
 */
// Waits are those of the program, which is in a loop or not. A lock is meant, not one that is equal to it.
@SuppressWarnings({"WaitNotInLoop", "ReferenceEquality", "JavaUtilDate"})
public final class Calls {
    private Calls() {}

    private static @Nullable Machine machine() {
        return Machine.active;
    }

    // Locks.

    public static void lock(@Nullable Object lock, int site) {
        lock(lock, site, NEVER, false);
    }

    public static void lockInterruptibly(@Nullable Object lock, int site) {
        lock(lock, site, NEVER, true);
    }

    public static void tryLock(@Nullable Object lock, int site) {
        Machine machine = machine();
        if (machine == null || lock == null) {
            return;
        }
        Object whole = whole(machine, lock);
        if (whole == null) {
            Points.call(lock, site);
        } else if (!isHeld(lock, whole)) {
            Points.whole(whole, site);
            if (Need.stateOf(whole) == (whole == lock ? 1 : 0)) {
                machine.state.holds(whole, machine.running);
            }
        }
    }

    public static long tryLock(@Nullable Object lock, long time, TimeUnit unit, int site) {
        Machine machine = machine();
        if (machine == null || lock == null) {
            return time;
        }
        return lock(lock, site, machine.clock().after(unit.toNanos(time)), true) ? time : 0;
    }

    public static void unlock(@Nullable Object lock, int site) {
        Machine machine = machine();
        if (machine == null || lock == null) {
            return;
        }
        Object whole = whole(machine, lock);
        if (whole == null) {
            Points.call(lock, site);
        } else if (holds(lock, whole) == 1) {
            Waits.point(machine, whole, lock instanceof ReentrantReadWriteLock.ReadLock ? 0 : WRITE, site);
            machine.state.holds(whole, null);
        }
    }

    private static boolean lock(@Nullable Object lock, int site, long deadline, boolean interruptible) {
        Machine machine = machine();
        if (machine == null || lock == null) {
            return true;
        }
        Object whole = whole(machine, lock);
        if (whole == null) {
            Points.call(lock, site);
            return true;
        }
        if (isHeld(lock, whole)) {
            return true;
        }
        boolean reads = lock instanceof ReentrantReadWriteLock.ReadLock;
        int need = whole == lock ? Need.LOCK : reads ? Need.READ_LOCK : Need.WRITE_LOCK;
        boolean taken = Waits.take(machine, whole, reads ? 0 : WRITE, site, new Wait(need, 0, deadline, interruptible));
        if (taken) {
            machine.state.holds(whole, machine.running);
        }
        return taken;
    }

    /** The lock that has the state: itself, or the one that a read or write lock is part of; null if unknown. */
    private static @Nullable Object whole(Machine machine, Object lock) {
        return lock instanceof ReentrantLock ? lock : machine.state.wholeLocks.get(lock);
    }

    private static int holds(Object lock, Object whole) {
        return switch (whole) {
            case ReentrantLock one -> one.getHoldCount();
            case ReentrantReadWriteLock both ->
                lock instanceof ReentrantReadWriteLock.ReadLock ? both.getReadHoldCount() : both.getWriteHoldCount();
            default -> 0;
        };
    }

    /** Whether the calling thread can have the lock because it has it already. */
    private static boolean isHeld(Object lock, Object whole) {
        return holds(lock, whole) > 0
                || (whole instanceof ReentrantReadWriteLock both
                        && lock instanceof ReentrantReadWriteLock.ReadLock
                        && both.isWriteLockedByCurrentThread());
    }

    public static void readLockOf(@Nullable Object part, @Nullable Object whole) {
        Machine machine = machine();
        if (machine != null && part != null && whole instanceof ReentrantReadWriteLock) {
            machine.state.wholeLocks.put(part, whole);
        }
    }

    public static void writeLockOf(@Nullable Object part, @Nullable Object whole) {
        readLockOf(part, whole);
    }

    // Conditions.

    public static void conditionMade(@Nullable Object condition, @Nullable Object lock) {
        Machine machine = machine();
        if (machine != null
                && condition != null
                && (lock instanceof ReentrantLock || lock instanceof ReentrantReadWriteLock.WriteLock)) {
            machine.state.conditions.add(new ConditionQueue(condition, (Lock) lock));
        }
    }

    public static void await(Object condition, int site) throws InterruptedException {
        await((Condition) condition, NEVER, true, site);
    }

    public static void awaitUninterruptibly(Object condition, int site) {
        try {
            await((Condition) condition, NEVER, false, site);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static boolean await(Object condition, long time, TimeUnit unit, int site) throws InterruptedException {
        return awaitNanos(condition, unit.toNanos(time), site) > 0;
    }

    public static long awaitNanos(Object condition, long nanos, int site) throws InterruptedException {
        Machine machine = machine();
        if (machine == null) {
            return ((Condition) condition).awaitNanos(nanos);
        }
        long deadline = machine.clock().after(nanos);
        boolean signalled = await((Condition) condition, deadline, true, site);
        long left = deadline - machine.clock().nanoTime();
        return signalled ? Math.max(1, left) : Math.min(0, left);
    }

    public static boolean awaitUntil(Object condition, Date date, int site) throws InterruptedException {
        Machine machine = machine();
        if (machine == null) {
            return ((Condition) condition).awaitUntil(date);
        }
        long nanos =
                TimeUnit.MILLISECONDS.toNanos(date.getTime() - machine.clock().millis());
        return awaitNanos(condition, nanos, site) > 0;
    }

    private static boolean await(Condition condition, long deadline, boolean interruptible, int site)
            throws InterruptedException {
        Machine machine = machine();
        ConditionQueue queue = machine == null ? null : machine.state.condition(condition);
        if (machine == null || queue == null) {
            Points.call(condition, site);
            condition.await();
            return true;
        }
        return queue.await(machine, new Wait(Need.SIGNAL_AND_LOCK, 0, deadline, interruptible), site);
    }

    public static void signal(Object condition, int site) {
        signal((Condition) condition, false);
    }

    public static void signalAll(Object condition, int site) {
        signal((Condition) condition, true);
    }

    private static void signal(Condition condition, boolean all) {
        Machine machine = machine();
        ConditionQueue queue = machine == null ? null : machine.state.condition(condition);
        if (machine != null && queue != null && queue.isOwner()) {
            machine.state.signals(condition);
            queue.signal(machine, all);
        }
        // Code that is not rewritten may wait for it, too.
        if (all) {
            condition.signalAll();
        } else {
            condition.signal();
        }
    }

    // Monitors.

    public static void waitFor(Object object, int site) throws InterruptedException {
        waitUntil(object, NEVER, site);
    }

    public static void waitFor(Object object, long millis, int site) throws InterruptedException {
        Machine machine = machine();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        waitUntil(
                object,
                machine == null || millis == 0 ? NEVER : machine.clock().after(TimeUnit.MILLISECONDS.toNanos(millis)),
                site);
    }

    public static void waitFor(Object object, long millis, int nanos, int site) throws InterruptedException {
        waitFor(object, nanos > 0 ? millis + 1 : millis, site);
    }

    private static void waitUntil(Object object, long deadline, int site) throws InterruptedException {
        Machine machine = machine();
        if (machine != null) {
            Waits.waitFor(machine, object, deadline, site);
        }
    }

    public static void notifyOne(Object object, int site) {
        Machine machine = machine();
        if (machine != null) {
            Waits.notify(machine, object, false);
        }
    }

    public static void notifyAllOf(Object object, int site) {
        Machine machine = machine();
        if (machine != null) {
            Waits.notify(machine, object, true);
        }
    }

    public static boolean holdsLock(Object object, int site) {
        Machine machine = machine();
        Monitor monitor = machine == null ? null : machine.state.monitorOrNull(object);
        return machine != null && monitor != null && monitor.owner != null && monitor.owner == machine.runningThread();
    }

    // Semaphores, latches, queues, futures, executors.

    public static void acquire(Object semaphore, int site) {
        acquire(semaphore, 1, NEVER, true, site);
    }

    public static void acquire(Object semaphore, int permits, int site) {
        acquire(semaphore, permits, NEVER, true, site);
    }

    public static void acquireUninterruptibly(Object semaphore, int site) {
        acquire(semaphore, 1, NEVER, false, site);
    }

    public static void acquireUninterruptibly(Object semaphore, int permits, int site) {
        acquire(semaphore, permits, NEVER, false, site);
    }

    public static void tryAcquire(Object semaphore, int site) {
        Points.call(semaphore, site);
    }

    public static void tryAcquire(Object semaphore, int permits, int site) {
        Points.call(semaphore, site);
    }

    public static long tryAcquire(Object semaphore, long time, TimeUnit unit, int site) {
        return tryAcquire(semaphore, 1, time, unit, site);
    }

    public static long tryAcquire(Object semaphore, int permits, long time, TimeUnit unit, int site) {
        return acquire(semaphore, permits, deadline(time, unit), true, site) ? time : 0;
    }

    private static boolean acquire(Object semaphore, int permits, long deadline, boolean interruptible, int site) {
        Machine machine = machine();
        if (machine == null || !(semaphore instanceof Semaphore)) {
            return true;
        }
        boolean taken =
                Waits.take(machine, semaphore, WRITE, site, new Wait(Need.PERMITS, permits, deadline, interruptible));
        if (taken) {
            machine.state.holds(semaphore, machine.running);
        }
        return taken;
    }

    public static void release(Object semaphore, int site) {
        Points.call(semaphore, site);
        Machine machine = machine();
        if (machine != null && machine.state.holders.get(semaphore) == machine.running) {
            machine.state.holds(semaphore, null);
        }
    }

    public static void release(Object semaphore, int permits, int site) {
        release(semaphore, site);
    }

    public static void awaitLatch(Object latch, int site) {
        waitOn(latch, latch instanceof CountDownLatch, 0, site, Points.until(Need.OPEN, NEVER));
    }

    public static long awaitLatch(Object latch, long time, TimeUnit unit, int site) {
        boolean known = latch instanceof CountDownLatch;
        return waitOn(latch, known, 0, site, Points.until(Need.OPEN, deadline(time, unit))) ? time : 0;
    }

    public static void awaitRoom(Object queue, Object element, int site) {
        waitOn(queue, isKnownQueue(queue), WRITE, site, Points.until(Need.ROOM, NEVER));
    }

    public static void awaitItem(Object queue, int site) {
        waitOn(queue, isKnownQueue(queue), WRITE, site, Points.until(Need.ITEM, NEVER));
    }

    public static void offer(Object queue, Object element, int site) {
        Points.call(queue, site);
    }

    public static long offer(Object queue, Object element, long time, TimeUnit unit, int site) {
        Wait wait = Points.until(Need.ROOM, deadline(time, unit));
        return waitOn(queue, isKnownQueue(queue), WRITE, site, wait) ? time : 0;
    }

    public static void poll(Object queue, int site) {
        Points.call(queue, site);
    }

    public static long poll(Object queue, long time, TimeUnit unit, int site) {
        Wait wait = Points.until(Need.ITEM, deadline(time, unit));
        return waitOn(queue, isKnownQueue(queue), WRITE, site, wait) ? time : 0;
    }

    /** Queues that have an element or room, or not; others hand elements from thread to thread, or by time. */
    private static boolean isKnownQueue(Object queue) {
        return queue instanceof LinkedBlockingQueue
                || queue instanceof ArrayBlockingQueue
                || queue instanceof LinkedBlockingDeque
                || queue instanceof PriorityBlockingQueue;
    }

    private static boolean waitOn(@Nullable Object object, boolean known, int flags, int site, Wait wait) {
        Machine machine = machine();
        if (machine == null || object == null) {
            return true;
        }
        if (!known) {
            Points.call(object, site);
            return true;
        }
        return Waits.take(machine, object, flags, site, wait);
    }

    public static void awaitDone(@Nullable Object future, int site) {
        awaitDone(future, NEVER, true, site);
    }

    /** The wait for a result that an interrupt does not end. */
    public static void joinDone(@Nullable Object future, int site) {
        awaitDone(future, NEVER, false, site);
    }

    public static long awaitDone(@Nullable Object future, long time, TimeUnit unit, int site) {
        return awaitDone(future, deadline(time, unit), true, site) ? time : 0;
    }

    private static boolean awaitDone(@Nullable Object future, long deadline, boolean interruptible, int site) {
        Machine machine = machine();
        if (machine == null || future == null) {
            return true;
        }
        boolean one = future instanceof FutureTask;
        if (!one && !(future instanceof CompletableFuture) && !(future instanceof ForkJoinTask)) {
            return true;
        }
        Object place = one ? future : RunState.FUTURES;
        Wait wait = new Wait(Need.DONE, 0, deadline, interruptible);
        return Waits.take(machine, place, Site.WHOLE, 0, site, wait.on(future));
    }

    public static long awaitTermination(Object executor, long time, TimeUnit unit, int site) {
        return terminated(executor, deadline(time, unit), site) ? time : 0;
    }

    public static void close(Object executor, int site) {
        ExecutorService service = (ExecutorService) executor;
        Machine machine = machine();
        if (machine != null && Receivers.of(service) != Receivers.Touched.NOTHING) {
            Waits.point(machine, null, GLOBAL | WRITE, site);
            service.shutdown();
            terminated(service, NEVER, site);
        }
        service.close();
    }

    private static boolean terminated(Object executor, long deadline, int site) {
        Machine machine = machine();
        if (machine == null || Receivers.of(executor) == Receivers.Touched.NOTHING) {
            return true;
        }
        Wait wait = Points.until(Need.TERMINATED, deadline);
        return Waits.take(machine, executor, Site.WHOLE, GLOBAL, site, wait.on(executor));
    }

    private static long deadline(long time, TimeUnit unit) {
        Machine machine = machine();
        return machine == null ? 0 : machine.clock().after(unit.toNanos(time));
    }

    // Functions of maps: the maps of the JDK hold a lock meanwhile.

    public static @Nullable Object computeIfAbsent(
            Object map, Object key, Function<Object, Object> function, int site) {
        return atomically(map, site, of -> of.computeIfAbsent(key, function));
    }

    public static @Nullable Object computeIfPresent(
            Object map, Object key, BiFunction<Object, Object, Object> function, int site) {
        return atomically(map, site, of -> of.computeIfPresent(key, function));
    }

    public static @Nullable Object compute(
            Object map, Object key, BiFunction<Object, Object, Object> function, int site) {
        return atomically(map, site, of -> of.compute(key, function));
    }

    public static @Nullable Object merge(
            Object map, Object key, Object value, BiFunction<Object, Object, Object> function, int site) {
        return atomically(map, site, of -> of.merge(key, value, function));
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object atomically(
            Object of, int site, Function<Map<Object, Object>, @Nullable Object> call) {
        Map<Object, Object> map = (Map<Object, Object>) of;
        Machine machine = machine();
        ExploredThread self = machine == null ? null : machine.runningThread();
        if (self == null || Receivers.of(map) == Receivers.Touched.NOTHING) {
            return call.apply(map);
        }
        Points.call(map, site);
        self.quiet++;
        try {
            return call.apply(map);
        } finally {
            self.quiet--;
        }
    }
}
