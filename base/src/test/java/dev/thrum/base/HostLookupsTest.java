package dev.thrum.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups by a resolver that hangs, fails and is counted. */
@Timeout(60)
final class HostLookupsTest {
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 3;

    private final OffloadPool pool = new OffloadPool(THREADS, THREADS, THREADS, MAX_WAITING);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final HostLookups lookups = new HostLookups(pool, this::resolve);

    @AfterEach
    void close() {
        release.countDown();
        lookups.close();
        pool.close();
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (host.startsWith("unknown")) {
            throw new UnknownHostException(host);
        }
        if (host.startsWith("hangs")) {
            awaitUninterruptibly(release);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    /** Like the system's resolver, which no interrupt ends. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // Ignored on purpose.
            }
        }
    }

    @Test
    void addressesAreFound_onAThreadOfThePool() throws Exception {
        Thread caller = Thread.currentThread();
        CompletableFuture<Thread> resolving = new CompletableFuture<>();
        try (HostLookups recording = new HostLookups(pool, _ -> {
            resolving.complete(Thread.currentThread());
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        })) {
            assertThat(recording.lookUp("here.test").get()).containsExactly(InetAddress.getLoopbackAddress());
        }
        assertThat(resolving.get()).isNotEqualTo(caller);
        assertThat(resolving.get().getName()).startsWith("offload-names-");
    }

    @Test
    void unknownHost_fails_andIsAskedForAgain() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> lookups.lookUp("unknown.test").get())
                    .cause()
                    .isInstanceOf(UnknownHostException.class);
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void callersThatWantOneNameAtOnce_shareALookUp() throws Exception {
        List<CompletableFuture<List<InetAddress>>> found = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            found.add(lookups.lookUp("hangs.test"));
        }
        // The second thread of the pool is free for other names.
        assertThat(lookups.lookUp("here.test").get()).hasSize(1);
        assertThat(found).noneMatch(CompletableFuture::isDone);

        release.countDown();
        for (CompletableFuture<List<InetAddress>> each : found) {
            assertThat(each.get()).hasSize(1);
        }
        assertThat(asked).hasValue(2);
        assertThat(lookups.lookUp("hangs.test").get()).hasSize(1);
        assertThat(asked).hasValue(3);
    }

    @Test
    void lookUp_isRefused_whenTooManyWait_andTheNameCanBeTriedAgain() throws Exception {
        List<CompletableFuture<List<InetAddress>>> all = new ArrayList<>();
        for (int i = 0; i < THREADS + MAX_WAITING; i++) {
            all.add(lookups.lookUp("hangs-" + i + ".test"));
        }
        assertThatThrownBy(() -> lookups.lookUp("one-more.test").get())
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(OffloadPool.FullException.class)
                .hasMessageContaining("offload-names-");

        release.countDown();
        for (CompletableFuture<List<InetAddress>> each : all) {
            assertThat(each.get()).hasSize(1);
        }
        assertThat(lookups.lookUp("one-more.test").get()).hasSize(1);
    }

    @Test
    void everyWaitEnds_whenTheyAreClosed_evenOfALookUpThatNoInterruptEnds() throws Exception {
        List<CompletableFuture<List<InetAddress>>> all = new ArrayList<>();
        for (int i = 0; i < THREADS + MAX_WAITING; i++) {
            all.add(lookups.lookUp("hangs-" + i + ".test"));
        }
        lookups.close();
        for (CompletableFuture<List<InetAddress>> each : all) {
            assertThatThrownBy(() -> each.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessage("expected an open engine but it was closed: connect before that");
        }
        assertThatThrownBy(() -> lookups.lookUp("late.test").get())
                .cause()
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void queuedTask_failsWhenThePoolIsClosed_insteadOfNeverEnding() {
        List<CompletableFuture<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < THREADS + 1; i++) {
            all.add(pool.begin(Offload.NAMES, () -> {
                awaitUninterruptibly(release);
                return true;
            }));
        }
        pool.close();
        assertThatThrownBy(() -> all.getLast().get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(RejectedExecutionException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "2001:db8::7"})
    void addressAsText_isNotLookedUp(String host) {
        assertThat(HostLookups.literal(host)).contains(InetAddress.ofLiteral(host));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "host1", "", "a.example.org", "zz::1"})
    void everythingElse_isAName(String host) {
        assertThat(HostLookups.literal(host)).isEmpty();
    }
}
