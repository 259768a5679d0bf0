package dev.thrum.simulation.explore.code;

import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of calls of some methods of the JDK: those that may wait, and those about threads.
 *
 * @param owner the class or interface that declares the method
 * @param name the name of the method
 * @param kind what becomes of it
 * @param hook the method of {@code Calls} or {@code ThreadCalls} that is called; it gets the receiver, the arguments and the site
 */
record CallRule(Class<?> owner, String name, Kind kind, String hook) {
    enum Kind {
        /** The hook is called before. */
        GUARD,
        /** The hook is called before; it returns the time limit that the call gets instead of its own. */
        LIMIT,
        /** The hook is called instead. */
        REPLACE,
        /** The hook is called after, with the result and the receiver. */
        AFTER,
        /** The call needs no hook: only the calling thread can notice it. */
        NONE
    }

    private static final Map<String, List<CallRule>> RULES = List.of(
                    new CallRule(Lock.class, "lock", Kind.GUARD, "lock"),
                    new CallRule(Lock.class, "lockInterruptibly", Kind.GUARD, "lockInterruptibly"),
                    new CallRule(Lock.class, "tryLock", Kind.LIMIT, "tryLock"),
                    new CallRule(Lock.class, "unlock", Kind.GUARD, "unlock"),
                    new CallRule(Lock.class, "newCondition", Kind.AFTER, "conditionMade"),
                    new CallRule(ReadWriteLock.class, "readLock", Kind.AFTER, "readLockOf"),
                    new CallRule(ReadWriteLock.class, "writeLock", Kind.AFTER, "writeLockOf"),
                    new CallRule(ReentrantLock.class, "isHeldByCurrentThread", Kind.NONE, ""),
                    new CallRule(ReentrantLock.class, "getHoldCount", Kind.NONE, ""),
                    new CallRule(Condition.class, "await", Kind.REPLACE, "await"),
                    new CallRule(Condition.class, "awaitUninterruptibly", Kind.REPLACE, "awaitUninterruptibly"),
                    new CallRule(Condition.class, "awaitNanos", Kind.REPLACE, "awaitNanos"),
                    new CallRule(Condition.class, "awaitUntil", Kind.REPLACE, "awaitUntil"),
                    new CallRule(Condition.class, "signal", Kind.REPLACE, "signal"),
                    new CallRule(Condition.class, "signalAll", Kind.REPLACE, "signalAll"),
                    new CallRule(Semaphore.class, "acquire", Kind.GUARD, "acquire"),
                    new CallRule(Semaphore.class, "acquireUninterruptibly", Kind.GUARD, "acquireUninterruptibly"),
                    new CallRule(Semaphore.class, "tryAcquire", Kind.LIMIT, "tryAcquire"),
                    new CallRule(Semaphore.class, "release", Kind.GUARD, "release"),
                    new CallRule(CountDownLatch.class, "await", Kind.LIMIT, "awaitLatch"),
                    new CallRule(Map.class, "computeIfAbsent", Kind.REPLACE, "computeIfAbsent"),
                    new CallRule(Map.class, "computeIfPresent", Kind.REPLACE, "computeIfPresent"),
                    new CallRule(Map.class, "compute", Kind.REPLACE, "compute"),
                    new CallRule(Map.class, "merge", Kind.REPLACE, "merge"),
                    new CallRule(Object.class, "wait", Kind.REPLACE, "waitFor"),
                    new CallRule(Object.class, "notify", Kind.REPLACE, "notifyOne"),
                    new CallRule(Object.class, "notifyAll", Kind.REPLACE, "notifyAllOf"),
                    new CallRule(Object.class, "getClass", Kind.NONE, ""),
                    new CallRule(Thread.class, "start", Kind.REPLACE, "start"),
                    new CallRule(Thread.Builder.class, "start", Kind.REPLACE, "startBuilt"),
                    new CallRule(Thread.Builder.class, "factory", Kind.REPLACE, "factoryBuilt"),
                    new CallRule(Thread.class, "join", Kind.REPLACE, "join"),
                    new CallRule(Thread.class, "interrupt", Kind.REPLACE, "interrupt"),
                    new CallRule(Thread.class, "isInterrupted", Kind.REPLACE, "isInterrupted"),
                    new CallRule(Thread.class, "isAlive", Kind.REPLACE, "isAlive"),
                    new CallRule(Thread.class, "getState", Kind.REPLACE, "getState"),
                    new CallRule(Thread.class, "yield", Kind.REPLACE, "yieldTurn"),
                    new CallRule(Thread.class, "onSpinWait", Kind.REPLACE, "yieldTurn"),
                    new CallRule(Thread.class, "currentThread", Kind.REPLACE, "currentThread"),
                    new CallRule(Thread.class, "interrupted", Kind.REPLACE, "interrupted"),
                    new CallRule(Thread.class, "holdsLock", Kind.REPLACE, "holdsLock"),
                    new CallRule(LockSupport.class, "park", Kind.REPLACE, "park"),
                    new CallRule(LockSupport.class, "unpark", Kind.REPLACE, "unpark"),
                    new CallRule(BlockingQueue.class, "put", Kind.GUARD, "awaitRoom"),
                    new CallRule(BlockingQueue.class, "take", Kind.GUARD, "awaitItem"),
                    new CallRule(BlockingQueue.class, "offer", Kind.LIMIT, "offer"),
                    new CallRule(BlockingQueue.class, "poll", Kind.LIMIT, "poll"),
                    new CallRule(BlockingDeque.class, "putFirst", Kind.GUARD, "awaitRoom"),
                    new CallRule(BlockingDeque.class, "putLast", Kind.GUARD, "awaitRoom"),
                    new CallRule(BlockingDeque.class, "takeFirst", Kind.GUARD, "awaitItem"),
                    new CallRule(BlockingDeque.class, "takeLast", Kind.GUARD, "awaitItem"),
                    new CallRule(Future.class, "get", Kind.LIMIT, "awaitDone"),
                    new CallRule(CompletableFuture.class, "join", Kind.GUARD, "joinDone"),
                    new CallRule(ForkJoinTask.class, "join", Kind.GUARD, "joinDone"),
                    new CallRule(ExecutorService.class, "awaitTermination", Kind.LIMIT, "awaitTermination"),
                    new CallRule(ExecutorService.class, "close", Kind.REPLACE, "close"),
                    new CallRule(Executors.class, "newFixedThreadPool", Kind.REPLACE, "newFixedThreadPool"),
                    new CallRule(Executors.class, "newCachedThreadPool", Kind.REPLACE, "newCachedThreadPool"),
                    new CallRule(Executors.class, "newSingleThreadExecutor", Kind.REPLACE, "newSingleThreadExecutor"))
            .stream()
            .collect(Collectors.groupingBy(CallRule::name));

    /** The class that has the hook. */
    ClassDesc hookOwner() {
        return owner == Thread.class
                        || owner == Thread.Builder.class
                        || owner == LockSupport.class
                        || owner == Executors.class
                ? PointRewriter.THREAD_CALLS
                : PointRewriter.CALLS;
    }

    /**
     * The rule for a method, by the class of the JDK that a call of it reaches. Methods with other parameters may share
     * the name: a limit without a time is a guard, and other methods that only wait the same way, too.
     */
    static @Nullable CallRule find(Class<?> owner, String name) {
        for (CallRule rule : RULES.getOrDefault(name, List.of())) {
            if (rule.owner.isAssignableFrom(owner)) {
                return rule;
            }
        }
        return null;
    }
}
