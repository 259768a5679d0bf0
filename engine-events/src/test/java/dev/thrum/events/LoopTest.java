package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Clock;
import dev.thrum.base.Threads;
import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.testkit.LeakCheck;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A loop by itself. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
final class LoopTest {
    private final ExecutorService orphans = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("orphan").factory());
    private final Reports reports = new Reports();
    private final NettyLoop loop = new NettyLoop("loop", NioIoHandler.newFactory(), orphans, reports, System::nanoTime);

    @AfterEach
    void end() {
        loop.close();
        loop.join();
        orphans.close();
    }

    /** Without {@link Reports} the loop itself would log, and wait for a lock whose holder waits for the loop. */
    @Test
    void loop_continues_whenItHasSomethingToLogAndTheLoggersLockIsHeld() throws Exception {
        ReentrantLock loggers = new ReentrantLock();
        try (Logged logged = new Logged(() -> {
            loggers.lock();
            try {
                assertThat(loggers.isHeldByCurrentThread()).isTrue();
            } finally {
                loggers.unlock();
            }
        })) {
            loggers.lock();
            try {
                loop.execute(() -> {
                    throw new IllegalStateException("a task that fails; this stack is expected");
                });
                assertThat(loop.call(() -> "continued")).isEqualTo("continued");
            } finally {
                loggers.unlock();
            }
            reports.write();
            assertThat(logged.await(text -> text.startsWith("SEVERE"))).contains("a task of a loop failed");
        }
    }

    @Test
    void loop_continues_whenTasksThrowErrors() throws Exception {
        loop.execute(() -> {
            throw new StackOverflowError("this stack is expected");
        });
        assertThat(loop.call(() -> 1)).isEqualTo(1);
        try (Logged logged = new Logged()) {
            reports.write();
            assertThat(logged.await(text -> text.startsWith("SEVERE"))).contains("a task of a loop failed");
        }
    }

    /** Without the executor of orphans, completing the gate would throw because the scheduler is closed. */
    @Test
    void thread_continuesElsewhere_whenItIsWokenAfterItsLoopHasEnded() throws Exception {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread late = CustomScheduler.threads(loop).start(() -> {
            begun.countDown();
            gate.join();
        });
        begun.await();
        loop.close();
        loop.join();
        gate.complete(null);
        late.join();
    }

    @Test
    void allTasks_run_whenManyThreadsHandTasksToALoopThatEnds() throws Exception {
        CountDownLatch all = new CountDownLatch(4_000);
        Thread[] submitters = new Thread[4];
        for (int i = 0; i < submitters.length; i++) {
            submitters[i] = Thread.ofPlatform().start(() -> {
                for (int task = 0; task < 1_000; task++) {
                    loop.execute(all::countDown);
                }
            });
        }
        loop.close();
        for (Thread submitter : submitters) {
            submitter.join();
        }
        all.await();
    }

    /**
     * The watchdog detects this on another thread; by the time it reports it, the loop or the thread may have
     * continued.
     */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // A thread leaves its loop by yielding.
    void reportThatAThreadBlocksItsLoop_isDropped_whenTheStepOrTheWaitIsOver() throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        CustomScheduler.threads(loop).start(() -> {
            Thread self = Thread.currentThread();
            loop.keptBy(self, loop.steps(), loop.waits());
            String text = "now " + loop.isKeptBy(self);
            loop.beginWait();
            text += ", next wait " + loop.isKeptBy(self);
            loop.keptBy(self, loop.steps(), loop.waits());
            text += ", found again " + loop.isKeptBy(self);
            Thread.yield();
            seen.complete(text + ", next step " + loop.isKeptBy(self));
        });
        assertThat(seen.get()).isEqualTo("now true, next wait false, found again true, next step false");
    }

    /**
     * A thread that yields forever is always ready; the kernel's events and other threads must still get their turn.
     */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // This tests yielding.
    void others_getTheirTurn_whenAThreadYieldsForever() throws Exception {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        Thread busy = CustomScheduler.threads(loop).start(() -> {
            while (!enough.isDone()) {
                Thread.yield();
            }
        });
        CompletableFuture<String> timer = new CompletableFuture<>();
        loop.execute(() -> {
            var _ = loop.events().schedule(() -> timer.complete("fired"), 1, TimeUnit.MILLISECONDS);
        });
        assertThat(timer.get()).isEqualTo("fired");
        assertThat(loop.call(() -> 2)).isEqualTo(2);
        enough.complete(null);
        busy.join();
    }

    @Test
    void timers_runOnTheLoopInTime_whicheverThreadSetsThem() throws Exception {
        Duration delay = Duration.ofMillis(50);
        for (boolean inside : new boolean[] {true, false}) {
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            long begun = System.nanoTime();
            Runnable set = () -> {
                var _ = loop.timers().schedule(delay, () -> ran.complete(Thread.currentThread()));
            };
            if (inside) {
                CustomScheduler.threads(loop).start(set).join();
            } else {
                set.run();
            }
            assertThat(ran.get()).isEqualTo(loop.platformThread());
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(delay.toNanos());
        }
    }

    @Test
    void timer_neverRuns_whenItWasCancelledFromAnyThread() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        List<Clock.Timer> timers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            timers.add(loop.timers().schedule(Duration.ofMillis(20), ran::incrementAndGet));
        }
        CompletableFuture<Void> later = new CompletableFuture<>();
        var _ = loop.timers().schedule(Duration.ofMillis(60), () -> later.complete(null));
        // Half of them from the loop itself, on which the timers may not have arrived yet.
        loop.call(() -> {
            timers.subList(0, 500).forEach(Clock.Timer::cancel);
            return true;
        });
        timers.subList(500, 1_000).forEach(Clock.Timer::cancel);
        later.get();
        // If this machine stalled, some may have run before they were cancelled, but none twice.
        int before = ran.get();
        timers.forEach(Clock.Timer::cancel);
        assertThat(before).isLessThan(1_000);
        assertThat(loop.call(ran::get)).isEqualTo(before);
    }

    @Test
    void timersEndWithTheLoop() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Clock.Timer early = loop.timers().schedule(Duration.ofHours(1), ran::incrementAndGet);
        loop.close();
        loop.join();
        Clock.Timer late = loop.timers().schedule(Duration.ZERO, ran::incrementAndGet);
        early.cancel();
        late.cancel();
        orphans.submit(() -> {}).get();
        assertThat(ran).hasValue(0);
    }

    /** If it is closed between the check for that and the wait for the kernel, the wake-up must not be lost. */
    @Test
    void loop_ends_whenItIsClosedAtAnyMomentOfItsStart() {
        Available.here(EventOptions.defaults().withTransport(TransportKind.EPOLL));
        for (int round = 0; round < 500; round++) {
            NettyLoop other = new NettyLoop("other", EpollIoHandler.newFactory(), orphans, reports, System::nanoTime);
            for (int i = 0; i < round; i++) {
                Thread.onSpinWait();
            }
            other.close();
            Threads.joinUninterruptibly(other.platformThread());
        }
    }
}
