package dev.thrum.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.work.Crew.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A pool of two workers with room for four tasks, whose threads must have ended after each test. */
class PoolTest {
    static final int WORKERS = 2;
    static final int CAPACITY = 4;

    final Kind kind;
    final Crew crew;
    final WorkerPool pool;
    final CountDownLatch release = new CountDownLatch(1);
    private final List<Thread> threads;

    PoolTest(Kind kind) throws Exception {
        this.kind = kind;
        crew = new Crew(kind);
        pool = kind.pool("pool", WORKERS, CAPACITY);
        threads = threadsOf(pool, WORKERS);
    }

    @AfterEach
    void leaveNoThreadBehind() throws Exception {
        release.countDown();
        pool.shutdown(Crew.LIMIT);
        pool.close();
        crew.close();
        for (Thread thread : threads) {
            Crew.awaitEnd(thread);
        }
    }

    List<Thread> threads() {
        return threads;
    }

    /** The threads of an idle pool: each is held in a task until all of them have one. */
    static List<Thread> threadsOf(WorkerPool pool, int workers) throws Exception {
        CyclicBarrier together = new CyclicBarrier(workers);
        List<CompletableFuture<Thread>> found = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            found.add(pool.submit(() -> {
                together.await(Crew.LIMIT.toSeconds(), TimeUnit.SECONDS);
                return Thread.currentThread();
            }));
        }
        List<Thread> threads = new ArrayList<>();
        for (CompletableFuture<Thread> thread : found) {
            threads.add(result(thread));
        }
        assertThat(pool.awaitCompletion(Crew.LIMIT)).isTrue();
        assertThat(threads).doesNotHaveDuplicates();
        return threads;
    }

    static <R> R result(CompletableFuture<R> future) throws Exception {
        return future.get(Crew.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Keeps all workers busy until {@link #release} opens; returns when they are. */
    List<CompletableFuture<String>> occupyWorkers() throws Exception {
        CountDownLatch busy = new CountDownLatch(WORKERS);
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            futures.add(pool.submit(() -> {
                busy.countDown();
                Crew.await(release);
                return "released";
            }));
        }
        Crew.await(busy);
        return futures;
    }

    List<CompletableFuture<String>> fillQueue(Callable<String> task) throws Exception {
        List<CompletableFuture<String>> futures = new ArrayList<>();
        for (int i = 0; i < CAPACITY; i++) {
            futures.add(pool.submit(task));
        }
        return futures;
    }
}
