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
    void eachWaitIsExpiredOnceAndItsOwnerLearnsSo_whenReapersRaceItsOwner() throws Exception {
        WaitState state = new WaitState();
        CompletableFuture<Map<Waiting, Long>> first = new CompletableFuture<>();
        CompletableFuture<Map<Waiting, Long>> second = new CompletableFuture<>();
        CompletableFuture<Void> over = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("reaper-1").start(() -> first.complete(reapDue(state, over)));
        Thread.ofPlatform().daemon().name("reaper-2").start(() -> second.complete(reapIdle(state, over)));

        Map<Waiting, Long> learned = new EnumMap<>(Waiting.class);
        long start = System.nanoTime();
        // On a busy machine the reapers may need longer for their first turn than the race is to take.
        for (int i = 0; goesOn(System.nanoTime() - start, learned); i++) {
            Waiting kind = KINDS[i % KINDS.length];
            state.begin(Wait.of(kind, 0, 0));
            if (i % 64 == 0) {
                Thread.onSpinWait();
            }
            if (state.end()) {
                learned.merge(kind, 1L, Long::sum);
            }
        }
        over.complete(null);
        Map<Waiting, Long> expired = first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS).forEach((kind, count) -> expired.merge(kind, count, Long::sum));
        assertThat(learned).isEqualTo(expired);
        assertThat(learned.keySet()).contains(Waiting.MESSAGE, Waiting.INPUT, Waiting.OUTPUT);
    }

    private static boolean goesOn(long nanos, Map<Waiting, Long> learned) {
        return nanos < LENGTH.toNanos() || (learned.size() < KINDS.length && nanos < MOST.toNanos());
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
    void waitExpires_whenItsDeadlineHasPassedAndNotBefore() {
        WaitState state = new WaitState();
        // The clock's readings may pass from positive to negative.
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
    void nothingExpires_whenTheConnectionWaitsForAWorkerOrNothing() {
        WaitState state = new WaitState();
        assertThat(state.what()).isEqualTo(Waiting.WORKER);
        assertThat(state.expireIfDue(Long.MAX_VALUE)).isEqualTo(Waiting.NOTHING);
        state.beginNothing();
        assertThat(state.expireIfDue(Long.MAX_VALUE)).isEqualTo(Waiting.NOTHING);
        assertThat(state.end()).isFalse();
    }
}
