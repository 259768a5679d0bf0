package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks of one kind never occupy the threads of another, and tasks beyond the limit are refused. */
final class OffloadPoolTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 3;

    private final OffloadPool pool = new OffloadPool(THREADS, THREADS, THREADS, MAX_WAITING);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pool.close();
    }

    /** Runs this call on a virtual thread, as engines run their handlers. */
    private static <T> Future<T> onVirtualThread(Callable<T> call) {
        FutureTask<T> result = new FutureTask<>(call);
        Thread.ofVirtual().start(result);
        return result;
    }

    private static <T> T get(Future<T> result) throws Exception {
        return result.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Starts this many tasks, which hold a thread or wait for one until {@link #release}; returns when all threads are
     * held.
     */
    private List<Future<Boolean>> stuck(Offload kind, int count) throws Exception {
        CountDownLatch begun = new CountDownLatch(Math.min(count, THREADS));
        List<Future<Boolean>> stuck = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stuck.add(onVirtualThread(() -> pool.call(kind, () -> {
                begun.countDown();
                return release.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
            })));
        }
        assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return stuck;
    }

    @ParameterizedTest
    @EnumSource(Offload.class)
    void otherKinds_run_whenOneKindHoldsAllItsThreads(Offload kind) throws Exception {
        List<Future<Boolean>> stuck = stuck(kind, THREADS + 1);

        for (Offload other : Offload.values()) {
            if (other != kind) {
                Thread ran = get(onVirtualThread(() -> pool.call(other, Thread::currentThread)));
                assertThat(ran.isVirtual()).isFalse();
                assertThat(ran.isDaemon()).isTrue();
                assertThat(ran.getName()).matches("offload-" + other.name().toLowerCase(Locale.ROOT) + "-[12]");
            }
        }

        assertThat(stuck).noneMatch(Future::isDone);
        release.countDown();
        for (Future<Boolean> each : stuck) {
            assertThat(get(each)).isTrue();
        }
    }

    @Test
    void task_isRefused_whenTheMaximumNumberOfTasksWait() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        List<Future<Boolean>> tasks = new ArrayList<>(stuck(Offload.COMPUTE, THREADS));
        for (int i = 0; i < MAX_WAITING + 1; i++) {
            tasks.add(onVirtualThread(() -> {
                try {
                    return pool.call(Offload.COMPUTE, () -> true);
                } catch (OffloadPool.FullException e) {
                    refused.countDown();
                    throw e;
                }
            }));
        }
        assertThat(refused.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        release.countDown();

        List<Throwable> failures = new ArrayList<>();
        for (Future<Boolean> task : tasks) {
            try {
                get(task);
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            }
        }
        assertThat(failures)
                .singleElement()
                .isInstanceOf(RejectedExecutionException.class)
                .hasToString("dev.thrum.base.OffloadPool$FullException: expected at most 3 tasks to wait for a thread"
                        + " offload-compute-1 to 2 but there is one more: refuse work earlier, with fewer connections or"
                        + " a limit of your own");
    }

    @Test
    void task_ofAPlatformThread_runsOnThatThread() throws Exception {
        stuck(Offload.FILES, THREADS);

        assertThat(pool.call(Offload.FILES, Thread::currentThread)).isEqualTo(Thread.currentThread());
    }

    @Test
    void failure_isThrownToTheCaller_unchanged() {
        IOException failure = new IOException("no such file");

        assertThatThrownBy(() -> get(onVirtualThread(() -> pool.call(Offload.FILES, () -> {
                    throw failure;
                }))))
                .cause()
                .isSameAs(failure);
    }

    @Test
    void task_isInterrupted_whenItsCallerIs() throws Exception {
        CompletableFuture<Thread> began = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                pool.call(Offload.NAMES, () -> {
                    began.complete(Thread.currentThread());
                    try {
                        return release.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        interrupted.complete(true);
                        throw e;
                    }
                });
            } catch (Exception e) {
                began.completeExceptionally(e);
            }
        });
        get(began);
        caller.interrupt();

        assertThat(get(interrupted)).isTrue();
    }

    @Test
    void callers_getAnException_whenThePoolIsClosed() throws Exception {
        List<Future<Boolean>> tasks = stuck(Offload.FILES, THREADS);
        CountDownLatch started = new CountDownLatch(1);
        Future<Boolean> waiting = onVirtualThread(() -> {
            started.countDown();
            return pool.call(Offload.FILES, () -> true);
        });
        started.await();
        pool.close();
        pool.close();

        for (Future<Boolean> task : tasks) {
            assertThatThrownBy(() -> get(task)).hasCauseInstanceOf(InterruptedException.class);
        }
        assertThatThrownBy(() -> get(waiting))
                .cause()
                .isInstanceOfAny(CancellationException.class, RejectedExecutionException.class);
        assertThatThrownBy(() -> get(onVirtualThread(() -> pool.call(Offload.FILES, () -> true))))
                .cause()
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("expected an open engine but it was closed: offload before that");
    }
}
