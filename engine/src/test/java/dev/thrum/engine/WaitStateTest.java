package dev.thrum.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.WaitState.Wait;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class WaitStateTest {
    private static final Duration LENGTH = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);
    private static final Waiting[] KINDS = {Waiting.MESSAGE, Waiting.INPUT, Waiting.OUTPUT};

    @Test
    void eachWait_isExpiredOnceAndItsOwnerIsNotified_whenReapersRaceItsOwner() throws Exception {
        WaitState state = WaitState.ofInput();
        CompletableFuture<Map<Waiting, Long>> first = new CompletableFuture<>();
        CompletableFuture<Map<Waiting, Long>> second = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("reaper-1").start(() -> first.complete(reapDue(state, over)));
        Thread.ofPlatform().daemon().name("reaper-2").start(() -> second.complete(reapIdle(state, over)));

        Map<Waiting, Long> notified = new EnumMap<>(Waiting.class);
        long start = System.nanoTime();
        // On a busy machine the reapers may need longer to get going than the race is meant to last.
        for (int i = 0; continues(System.nanoTime() - start, notified); i++) {
            Waiting kind = KINDS[i % KINDS.length];
            state.begin(Wait.of(kind, 0, 0));
            if (i % 64 == 0) {
                Thread.onSpinWait();
            }
            if (state.end()) {
                notified.merge(kind, 1L, Long::sum);
            }
        }
        over.complete(null);
        Map<Waiting, Long> expired = first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS).forEach((kind, count) -> expired.merge(kind, count, Long::sum));
        assertThat(notified).isEqualTo(expired);
        assertThat(notified.keySet()).contains(Waiting.MESSAGE, Waiting.INPUT, Waiting.OUTPUT);
    }

    private static boolean continues(long nanos, Map<Waiting, Long> notified) {
        return nanos < LENGTH.toNanos() || (notified.size() < KINDS.length && nanos < MOST.toNanos());
    }

    private static Map<Waiting, Long> reapDue(WaitState state, CompletableFuture<Void> over) {
        Map<Waiting, Long> expired = new EnumMap<>(Waiting.class);
        while (!over.isDone()) {
            Waiting what = state.expireIfDue(1);
            if (what != Waiting.NOTHING) {
                expired.merge(what, 1L, Long::sum);
            }
        }
        return expired;
    }

    private static Map<Waiting, Long> reapIdle(WaitState state, CompletableFuture<Void> over) {
        Map<Waiting, Long> expired = new EnumMap<>(Waiting.class);
        while (!over.isDone()) {
            Wait wait = state.current();
            if (wait.what() == Waiting.MESSAGE && state.expire(wait)) {
                expired.merge(Waiting.MESSAGE, 1L, Long::sum);
            }
        }
        return expired;
    }

    @Test
    void wait_expires_whenItsDeadlineHasPassedAndNotBefore() {
        WaitState state = WaitState.ofInput();
        // The clock may overflow from positive to negative.
        long deadline = Long.MAX_VALUE - 5;
        state.begin(Wait.of(Waiting.INPUT, deadline - 10, deadline));
        assertThat(state.expireIfDue(deadline - 1)).isEqualTo(Waiting.NOTHING);
        assertThat(state.what()).isEqualTo(Waiting.INPUT);
        assertThat(state.expireIfDue(deadline + 10)).isEqualTo(Waiting.INPUT);
        assertThat(state.expireIfDue(deadline + 10)).isEqualTo(Waiting.NOTHING);
        assertThat(state.end()).isTrue();
        assertThat(state.end()).isFalse();
    }

    @Test
    void wait_neverExpires_whenTheConnectionWaitsForAWorkerOrNothing() {
        WaitState state = WaitState.ofInput();
        assertThat(state.what()).isEqualTo(Waiting.WORKER);
        assertThat(state.expireIfDue(Long.MAX_VALUE)).isEqualTo(Waiting.NOTHING);
        state.beginNothing();
        assertThat(state.expireIfDue(Long.MAX_VALUE)).isEqualTo(Waiting.NOTHING);
        assertThat(state.end()).isFalse();
    }
}
