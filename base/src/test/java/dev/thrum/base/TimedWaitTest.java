package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Waits by a clock that is not the system's: whatever ends them, no interrupt is lost and none is left over. */
@Timeout(120)
final class TimedWaitTest {
    private static final long LIMIT_SECONDS = 20;
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final ManualClock clock = new ManualClock();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition condition = lock.newCondition();
    private Thread waiter = Thread.currentThread();

    /** A clock that the test advances, and whose timers it fires. */
    private static final class ManualClock implements Clock {
        private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        private final BlockingQueue<Runnable> timers = new LinkedBlockingQueue<>();

        @Override
        public long nanoTime() {
            return now.get();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException("expected no thread to sleep");
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            timers.add(task);
            return () -> timers.remove(task);
        }

        /** Waits until a timer was set, and fires it. */
        void expire() throws InterruptedException {
            Runnable timer = nextTimer();
            now.addAndGet(HOUR);
            timer.run();
        }

        void awaitTimer() throws InterruptedException {
            timers.add(nextTimer());
        }

        private Runnable nextTimer() throws InterruptedException {
            return Optional.ofNullable(timers.poll(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .orElseThrow();
        }
    }

    @AfterEach
    void noTimerIsLeft() {
        assertThat(clock.timers).isEmpty();
    }

    private <T> FutureTask<T> start(Callable<T> wait) {
        FutureTask<T> task = new FutureTask<>(wait);
        waiter = Threads.daemon("waiter", task);
        waiter.start();
        return task;
    }

    private static <T> T result(FutureTask<T> task) throws Exception {
        return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    /** The result of a wait for the condition, and whether an interrupt was pending after it. */
    private record Waited(long left, boolean interrupted) {}

    private Waited awaitCondition() throws InterruptedException {
        lock.lock();
        try {
            long left = clock.awaitNanos(condition, HOUR);
            return new Waited(left, Thread.interrupted());
        } finally {
            lock.unlock();
        }
    }

    @Test
    void conditionWait_whenTheTimeIsOver_returnsWithoutAnInterrupt() throws Exception {
        FutureTask<Waited> wait = start(this::awaitCondition);
        clock.expire();

        assertThat(result(wait)).isEqualTo(new Waited(0, false));
    }

    @Test
    void conditionWait_whenSignalled_returnsTheTimeLeft() throws Exception {
        FutureTask<Waited> wait = start(this::awaitCondition);
        clock.awaitTimer();
        lock.lock();
        try {
            condition.signal();
        } finally {
            lock.unlock();
        }

        assertThat(result(wait)).isEqualTo(new Waited(HOUR, false));
    }

    @Test
    void conditionWait_whenSignalledBeforeTheTimeIsOver_returnsWithoutTheTimersInterrupt() throws Exception {
        FutureTask<Waited> wait = start(this::awaitCondition);
        clock.awaitTimer();
        lock.lock();
        try {
            condition.signal();
            clock.expire();
        } finally {
            lock.unlock();
        }

        assertThat(result(wait)).isEqualTo(new Waited(0, false));
    }

    @Test
    void conditionWait_whenInterruptedAfterTheTimeIsOver_keepsThatInterrupt() throws Exception {
        FutureTask<Waited> wait = start(this::awaitCondition);
        clock.awaitTimer();
        lock.lock();
        try {
            clock.expire();
            // It needs the lock again before it can return.
            while (!lock.hasQueuedThread(waiter)) {
                Thread.onSpinWait();
            }
            waiter.interrupt();
        } finally {
            lock.unlock();
        }

        assertThat(result(wait)).isEqualTo(new Waited(0, true));
    }

    @Test
    void everyWait_whenInterruptedByAnotherThread_throws() throws Exception {
        FutureTask<Waited> conditionWait = start(this::awaitCondition);
        clock.awaitTimer();
        waiter.interrupt();
        assertThatThrownBy(() -> result(conditionWait))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);

        lock.lock();
        try {
            FutureTask<Boolean> lockWait = start(() -> clock.tryLock(lock, HOUR));
            clock.awaitTimer();
            waiter.interrupt();
            assertThatThrownBy(() -> result(lockWait)).hasCauseInstanceOf(InterruptedException.class);
        } finally {
            lock.unlock();
        }
    }

    @Test
    void tryLock_whenTheLockIsHeld_waitsAtMostThatLong() throws Exception {
        lock.lock();
        try {
            FutureTask<Boolean> wait = start(() -> clock.tryLock(lock, HOUR));
            clock.expire();
            assertThat(result(wait)).isFalse();

            assertThat(result(start(() -> clock.tryLock(lock, 0)))).isFalse();
            assertThat(lock.hasQueuedThreads()).isFalse();
        } finally {
            lock.unlock();
        }
    }

    @Test
    void tryLock_whenTheLockIsReleasedInTime_acquiresIt() throws Exception {
        FutureTask<Boolean> wait;
        lock.lock();
        try {
            wait = start(() -> clock.tryLock(lock, HOUR) && lock.isHeldByCurrentThread());
            clock.awaitTimer();
        } finally {
            lock.unlock();
        }

        assertThat(result(wait)).isTrue();
    }

    @Test
    void join_whenTheThreadGoesOn_waitsAtMostThatLong() throws Exception {
        FutureTask<Waited> held = start(this::awaitCondition);
        Thread thread = waiter;
        clock.awaitTimer();
        Runnable itsTimer = clock.timers.remove();
        Deadline deadline = Deadline.in(Duration.ofHours(1), clock);
        FutureTask<Boolean> wait = start(() -> deadline.join(thread));
        clock.expire();
        assertThat(result(wait)).isFalse();
        assertThat(deadline.nanosLeft()).isZero();

        itsTimer.run();
        assertThat(result(held).left()).isZero();
        thread.join(Duration.ofSeconds(LIMIT_SECONDS));
        assertThat(deadline.join(thread)).isTrue();
    }
}
