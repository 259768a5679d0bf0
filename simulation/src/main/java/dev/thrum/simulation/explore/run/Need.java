package dev.thrum.simulation.explore.run;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What a step needs before it can be taken. Numbers instead of an enum, because they are compared at each step.
 *
 * <p>A need is met by a state of the object that the step is about, and that state is one number: so the search can ask
 * whether a step could have been taken earlier, from the states that it has kept.
 */
final class Need {
    static final int NOTHING = 0;
    /** The lock is free. */
    static final int LOCK = 1;
    /** Nobody holds the write lock. */
    static final int READ_LOCK = 2;
    /** Nobody holds the read or the write lock. */
    static final int WRITE_LOCK = 3;
    /** The monitor is free. */
    static final int MONITOR = 4;
    /** So many permits as the argument says. */
    static final int PERMITS = 5;
    /** The latch is open. */
    static final int OPEN = 6;
    /** The queue has an element. */
    static final int ITEM = 7;
    /** The queue has room. */
    static final int ROOM = 8;
    /** The future is completed. */
    static final int DONE = 9;
    /** The executor and its threads have ended. */
    static final int TERMINATED = 10;
    /** The thread's permit to go on after a park. */
    static final int PERMIT = 11;
    /** Another thread has ended. */
    static final int END = 12;
    /** A signal, and then the lock. */
    static final int SIGNAL_AND_LOCK = 13;
    /** A notification, and then the monitor. */
    static final int SIGNAL_AND_MONITOR = 14;
    /** Only the passage of time. */
    static final int TIME = 15;
    /** That no other thread can go on. */
    static final int TURN = 16;
    /** That the JDK unparks the thread. */
    static final int UNPARK = 17;

    /** The state of an object that has none that is known. */
    static final int UNKNOWN = Integer.MIN_VALUE;

    private Need() {}

    /** Whether a state of the object meets a need; also if it is not known. */
    static boolean isMetBy(int need, int argument, int state) {
        if (state == UNKNOWN) {
            return true;
        }
        return switch (need) {
            case LOCK, MONITOR, DONE, TERMINATED, PERMIT, SIGNAL_AND_LOCK, SIGNAL_AND_MONITOR -> state == 1;
            case READ_LOCK -> state >= 0;
            case WRITE_LOCK, OPEN -> state == 0;
            case PERMITS -> state >= argument;
            case ITEM -> (state & 1) != 0;
            case ROOM -> (state & 2) != 0;
            default -> true;
        };
    }

    /** The state of an object of the JDK. */
    static int stateOf(Object object) {
        return switch (object) {
            case ReentrantLock lock -> lock.isLocked() ? 0 : 1;
            case ReentrantReadWriteLock lock -> lock.isWriteLocked() ? -1 : lock.getReadLockCount();
            case Monitor monitor -> monitor.owner == null ? 1 : 0;
            case Semaphore semaphore -> semaphore.availablePermits();
            case CountDownLatch latch -> (int) Math.min(Integer.MAX_VALUE, latch.getCount());
            case BlockingQueue<?> queue -> (queue.isEmpty() ? 0 : 1) | (queue.remainingCapacity() > 0 ? 2 : 0);
            case Future<?> future -> future.isDone() ? 1 : 0;
            case ExecutorService executor -> executor.isTerminated() ? 1 : 0;
            case ExploredThread thread -> thread.permit ? 1 : 0;
            default -> UNKNOWN;
        };
    }
}
