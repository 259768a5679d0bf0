package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.base.Threads;
import dev.thrum.engine.spi.CustomScheduler;
import dev.thrum.testkit.LeakCheck;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
    private final Loop loop = new Loop("loop", NioIoHandler.newFactory(), orphans, reports);

    @AfterEach
    void end() {
        loop.close();
        loop.join();
        orphans.close();
    }

    /** Without the reports the loop would log by itself, and wait for a lock whose holder waits for the loop. */
    @Test
    void loopGoesOn_whenItHasSomethingToLogAndTheLoggersLockIsHeld() throws Exception {
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
                assertThat(loop.call(() -> "on it goes")).isEqualTo("on it goes");
            } finally {
                loggers.unlock();
            }
            reports.write();
            assertThat(logged.await(text -> text.startsWith("SEVERE"))).contains("a task of a loop failed");
        }
    }

    @Test
    void loopGoesOn_whenTasksThrowErrors() throws Exception {
        loop.execute(() -> {
            throw new StackOverflowError("this stack is expected");
        });
        assertThat(loop.call(() -> 1)).isEqualTo(1);
        try (Logged logged = new Logged()) {
            reports.write();
            assertThat(logged.await(text -> text.startsWith("SEVERE"))).contains("a task of a loop failed");
        }
    }

    /** Without the orphans' executor who completes the gate would be told that the scheduler is closed. */
    @Test
    void threadGoesOnElsewhere_whenItIsWokenAfterItsLoopHasEnded() throws Exception {
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
    void everythingRuns_whenManyThreadsHandTasksToALoopThatEnds() throws Exception {
        CountDownLatch all = new CountDownLatch(4_000);
        Thread[] givers = new Thread[4];
        for (int i = 0; i < givers.length; i++) {
            givers[i] = Thread.ofPlatform().start(() -> {
                for (int task = 0; task < 1_000; task++) {
                    loop.execute(all::countDown);
                }
            });
        }
        loop.close();
        for (Thread giver : givers) {
            giver.join();
        }
        all.await();
    }

    /** The watchdog finds it on another thread: by the time it is told, the loop or the thread may have gone on. */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // Yielding is how a thread lets go of its loop.
    void findingThatAThreadKeepsItsLoopIsDropped_whenTheStepOrTheWaitIsOver() throws Exception {
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

    /** A thread that yields for ever is ready for ever; the kernel and the others must have their turn. */
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // What is tested is what yielding does.
    void othersHaveTheirTurn_whenAThreadYieldsForEver() throws Exception {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        Thread busy = CustomScheduler.threads(loop).start(() -> {
            while (!enough.isDone()) {
                Thread.yield();
            }
        });
        CompletableFuture<String> timer = new CompletableFuture<>();
        loop.execute(() -> {
            var _ = loop.events().schedule(() -> timer.complete("rings"), 1, TimeUnit.MILLISECONDS);
        });
        assertThat(timer.get()).isEqualTo("rings");
        assertThat(loop.call(() -> 2)).isEqualTo(2);
        enough.complete(null);
        busy.join();
    }

    /** Between "is it closed?" and "wait for the kernel" the word that it is closed must not be lost. */
    @Test
    void loopEnds_whenItIsClosedAtAnyMomentOfItsStart() {
        Available.here(EventOptions.defaults().withTransport(TransportKind.EPOLL));
        for (int round = 0; round < 500; round++) {
            Loop other = new Loop("other", EpollIoHandler.newFactory(), orphans, reports);
            for (int i = 0; i < round; i++) {
                Thread.onSpinWait();
            }
            other.close();
            Threads.joinUninterruptibly(other.platformThread());
        }
    }
}
