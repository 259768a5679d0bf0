package dev.thrum.simulation.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A small program made from a seed: two or three threads, each with a few operations over variables, locks, monitors,
 * conditions, permits, latches, queues, sleeps, interrupts. What each thread has seen is its outcome.
 */
// The programs are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "ThreadPriorityCheck", "WaitNotInLoop"})
final class GeneratedProgram implements Program {
    private final ReentrantLock first = new ReentrantLock();
    private final ReentrantLock second = new ReentrantLock();
    private final Condition condition = first.newCondition();
    private final Semaphore semaphore;
    private final CountDownLatch latch;
    private final Object monitor = new Object();
    private final BlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);
    private final ReadWriteLock readWrite = new ReentrantReadWriteLock();
    private final Thread[] handles;
    private final List<List<Actor>> threads = new ArrayList<>();
    private final List<StringBuilder> seen = new ArrayList<>();
    private final StringBuilder source = new StringBuilder();
    private int x;
    private int y;
    private int guarded;

    GeneratedProgram(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        semaphore = new Semaphore(random.nextInt(3));
        latch = new CountDownLatch(1 + random.nextInt(2));
        int count = random.nextInt(3) == 0 ? 3 : 2;
        handles = new Thread[count];
        for (int i = 0; i < count; i++) {
            StringBuilder mine = new StringBuilder();
            List<Actor> operations = new ArrayList<>();
            int length = 2 + random.nextInt(count == 2 ? 4 : 2);
            source.append("| ");
            for (int n = 0; n < length; n++) {
                operations.add(operation(random, mine, i));
            }
            threads.add(List.copyOf(operations));
            seen.add(mine);
        }
    }

    private Actor operation(SplittableRandom random, StringBuilder mine, int thread) {
        int kind = random.nextInt(31);
        source.append(kind).append(' ');
        return switch (kind) {
            case 0 -> () -> x = thread + 1;
            case 1 -> () -> mine.append(x);
            case 2 -> () -> x++;
            case 3 -> () -> y = thread + 5;
            case 4 -> () -> mine.append(y);
            case 5 -> () -> underLock(() -> guarded++);
            case 6 -> () -> underLock(() -> mine.append(guarded));
            case 7 ->
                () -> {
                    first.lock();
                    second.lock();
                    y++;
                    second.unlock();
                    first.unlock();
                };
            case 8 ->
                () -> {
                    second.lock();
                    first.lock();
                    x++;
                    first.unlock();
                    second.unlock();
                };
            case 9 -> () -> underLock(condition::await);
            case 10 ->
                () -> underLock(() -> {
                    guarded = 1;
                    condition.signal();
                });
            case 11 -> () -> underLock(() -> mine.append(condition.await(1, TimeUnit.MILLISECONDS) ? 's' : 't'));
            case 12 -> semaphore::acquire;
            case 13 -> semaphore::release;
            case 14 -> () -> mine.append(semaphore.tryAcquire() ? 'a' : 'n');
            case 15 -> latch::countDown;
            default -> laterOperation(kind, mine, thread);
        };
    }

    private Actor laterOperation(int kind, StringBuilder mine, int thread) {
        return switch (kind) {
            case 16 -> () -> mine.append(latch.await(2, TimeUnit.MILLISECONDS) ? 'o' : 'c');
            case 17 -> () -> Thread.sleep(1 + thread % 2);
            case 18 ->
                () -> {
                    synchronized (monitor) {
                        y = y + x;
                    }
                };
            case 19 -> () -> underLock(() -> Thread.sleep(2));
            case 20 ->
                () -> {
                    synchronized (monitor) {
                        monitor.wait(1 + thread % 2);
                        mine.append(guarded);
                    }
                };
            case 21 ->
                () -> {
                    synchronized (monitor) {
                        guarded++;
                        monitor.notifyAll();
                    }
                };
            case 22 ->
                () -> {
                    while (x == 0 && y == 0) {
                        Thread.yield();
                    }
                };
            case 23 ->
                () -> {
                    Thread other = handles[(thread + 1) % handles.length];
                    if (other != null) {
                        other.interrupt();
                    }
                };
            default -> lastOperation(kind, mine, thread);
        };
    }

    private Actor lastOperation(int kind, StringBuilder mine, int thread) {
        return switch (kind) {
            case 24 -> () -> queue.put(thread);
            case 25 -> () -> mine.append(queue.poll(1, TimeUnit.MILLISECONDS));
            case 26 ->
                () -> {
                    readWrite.readLock().lock();
                    mine.append(x);
                    readWrite.readLock().unlock();
                };
            case 27 ->
                () -> {
                    readWrite.writeLock().lock();
                    x += 3;
                    readWrite.writeLock().unlock();
                };
            case 28 ->
                () -> {
                    LockSupport.parkNanos(1_000_000);
                    mine.append('p');
                };
            case 29 -> () -> LockSupport.unpark(handles[(thread + 1) % handles.length]);
            default ->
                () -> {
                    if (first.tryLock(1, TimeUnit.MILLISECONDS)) {
                        guarded += 2;
                        first.unlock();
                    } else {
                        mine.append('l');
                    }
                };
        };
    }

    private void underLock(Actor body) throws Exception {
        first.lock();
        try {
            body.run();
        } finally {
            first.unlock();
        }
    }

    @Override
    public List<Actor> actors() {
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            actors.add(inOrder(i, source.indexOf("23") >= 0 || source.indexOf("29") >= 0));
        }
        return actors;
    }

    private Actor inOrder(int thread, boolean known) {
        List<Actor> operations = threads.get(thread);
        return () -> {
            if (known) {
                handles[thread] = Thread.currentThread();
            }
            for (Actor operation : operations) {
                operation.run();
            }
        };
    }

    @Override
    public String outcome() {
        return seen + " queue=" + queue + " x=" + x + " y=" + y + " guarded=" + guarded + " permits="
                + semaphore.availablePermits();
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
