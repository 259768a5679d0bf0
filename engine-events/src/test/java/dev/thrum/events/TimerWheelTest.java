package dev.thrum.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A wheel on a clock that the test sets; the test is the loop. */
@Timeout(60)
final class TimerWheelTest {
    private static final int MANY = 100_000;
    private static final long TICK = TimerWheel.TICK_NANOS;
    private static final long ROUND = TICK * TimerWheel.SLOTS;

    /** The clock may begin anywhere, and overflow. */
    private long now = Long.MAX_VALUE - 3 * TICK;

    /** The loop's scheduled task; there is never more than one. */
    private @Nullable Alarm alarm;

    private int alarms;
    private final List<String> failures = new ArrayList<>();
    private final List<Object> ran = new ArrayList<>();
    private final TimerWheel wheel =
            new TimerWheel(() -> now, this::schedule, (text, cause) -> failures.add(text + ": " + cause.getMessage()));

    private final class Alarm extends CompletableFuture<Void> {
        private final long at;
        private final Runnable task;

        Alarm(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        @Override
        public boolean cancel(boolean interrupt) {
            assertThat(alarm).isSameAs(this);
            alarm = null;
            return super.cancel(interrupt);
        }
    }

    private Future<?> schedule(long delay, Runnable task) {
        assertThat(alarm).isNull();
        assertThat(delay).isNotNegative();
        alarms++;
        alarm = new Alarm(now + delay, task);
        return alarm;
    }

    /** Lets the loop run its task each time that it is due, until this much time has passed. */
    private void pass(long nanos) {
        long end = now + nanos;
        for (Alarm next = alarm; next != null && next.at - end <= 0; next = alarm) {
            now = Math.max(next.at - end, now - end) + end;
            fire();
        }
        now = end;
    }

    private void fire() {
        Alarm due = Objects.requireNonNull(alarm);
        alarm = null;
        due.task.run();
    }

    private TimerWheel.Timer in(long nanos, Object name) {
        return wheel.add(now + nanos, () -> ran.add(name));
    }

    @Test
    void timer_runsOnce_neverEarlyAndLessThanTwoTicksLate() {
        for (long delay :
                new long[] {0, 1, TICK - 1, TICK, TICK + 1, 7 * TICK, ROUND - 1, ROUND, ROUND + 1, 5 * ROUND}) {
            ran.clear();
            in(delay, delay);
            pass(Math.max(0, delay - 1));
            assertThat(ran).as("%d ns, too early", delay).isEmpty();
            pass(2 * TICK + 1);
            assertThat(ran).as("%d ns", delay).containsExactly(delay);
            pass(3 * ROUND);
            assertThat(ran).hasSize(1);
            assertThat(wheel.size()).isZero();
        }
    }

    @Test
    void timersOfOneTick_runInTheOrderTheyWereAdded() {
        IntStream.range(0, 100).forEach(i -> in(TICK / 2, i));
        pass(3 * TICK);
        assertThat(ran).isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void negativeDelay_isZero() {
        in(-ROUND, "late");
        pass(2 * TICK);
        assertThat(ran).containsExactly("late");
    }

    /** Compares 100,000 timers, of which a third is cancelled, with what each of them must do. */
    @Test
    void eachOfManyTimers_runsInItsTime_orNotAtAllIfItWasCancelled() {
        Random random = new Random(14);
        long start = now;
        long[] due = new long[MANY];
        long[] ranAt = new long[MANY];
        int[] runs = new int[MANY];
        List<TimerWheel.Timer> timers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            int timer = i;
            due[i] = Math.floorMod(random.nextLong(), Duration.ofMinutes(2).toNanos());
            timers.add(wheel.add(start + due[i], () -> {
                ranAt[timer] = now - start;
                runs[timer]++;
            }));
        }
        // A third is cancelled at once, another third after half of the time.
        IntStream.range(0, MANY).filter(i -> i % 3 == 0).forEach(i -> wheel.cancel(timers.get(i)));
        assertThat(wheel.size()).isEqualTo(MANY - (MANY + 2) / 3);
        long half = Duration.ofMinutes(1).toNanos();
        pass(half);
        IntStream.range(0, MANY).filter(i -> i % 3 == 1).forEach(i -> wheel.cancel(timers.get(i)));
        pass(half + 2 * TICK);

        for (int i = 0; i < MANY; i++) {
            boolean runs1 = i % 3 == 2 || (i % 3 == 1 && runs[i] > 0);
            assertThat(runs[i]).isEqualTo(runs1 ? 1 : 0);
            if (runs1) {
                assertThat(ranAt[i]).isBetween(due[i], due[i] + 2 * TICK);
            }
            if (i % 3 == 1 && due[i] < half - 2 * TICK) {
                assertThat(runs[i]).isOne();
            }
            if (i % 3 == 1 && due[i] > half) {
                assertThat(runs[i]).isZero();
            }
        }
        assertThat(wheel.size()).isZero();
        pass(ROUND);
        assertThat(alarm).isNull();
    }

    /** In a list that must be searched this would take ten thousand million steps. */
    @Test
    void addingAndCancelling_takeConstantTime_evenIfAllTimersShareATick() {
        List<TimerWheel.Timer> timers = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            timers.add(in(ROUND / 2, i));
        }
        for (int i = 0; i < MANY / 2; i++) {
            wheel.cancel(timers.get(MANY / 2 + i));
            wheel.cancel(timers.get(MANY / 2 - 1 - i));
        }
        assertThat(wheel.size()).isZero();
        assertThat(alarms).isOne();
        pass(ROUND);
        assertThat(ran).isEmpty();
    }

    @Test
    void theLoopHasNoTask_whenTheWheelIsEmpty_andWakesOnlyForSlotsWithTimers() {
        assertThat(alarm).isNull();
        in(ROUND / 2, "only");
        pass(ROUND);
        assertThat(ran).containsExactly("only");
        assertThat(alarms).isOne();
        assertThat(alarm).isNull();

        in(10 * ROUND, "far");
        pass(11 * ROUND);
        assertThat(ran).containsExactly("only", "far");
        assertThat(alarms).isBetween(2, 13);
        assertThat(alarm).isNull();
    }

    @Test
    void earlierTimer_isNotDelayedByALaterOne() {
        in(ROUND / 2, "later");
        in(ROUND / 4, "earlier");
        pass(ROUND / 4 + 2 * TICK);
        assertThat(ran).containsExactly("earlier");
        in(3 * TICK, "between");
        pass(5 * TICK);
        assertThat(ran).containsExactly("earlier", "between");
        pass(ROUND);
        assertThat(ran).containsExactly("earlier", "between", "later");
    }

    @Test
    void timer_mayCancelOthersOfItsTick_andAddTimers() {
        List<TimerWheel.Timer> others = new ArrayList<>();
        wheel.add(now + TICK, () -> {
            ran.add("first");
            wheel.cancel(others.get(0));
            wheel.cancel(others.get(1));
            in(0, "added");
        });
        others.add(in(TICK, "cancelled 1"));
        others.add(in(TICK, "cancelled 2"));
        others.add(in(TICK, "last"));
        pass(TICK);
        assertThat(ran).containsExactly("first", "last");
        pass(TICK);
        assertThat(ran).containsExactly("first", "last", "added");
        // Long over: this does nothing.
        others.forEach(wheel::cancel);
        assertThat(wheel.size()).isZero();
    }

    @Test
    void otherTimers_run_whenOneFails() {
        in(TICK, "before");
        wheel.add(now + TICK, () -> {
            throw new IllegalStateException("this one");
        });
        in(TICK, "after");
        in(2 * TICK, "next");
        pass(4 * TICK);
        assertThat(ran).containsExactly("before", "after", "next");
        assertThat(failures).containsExactly("a timer failed: this one");
    }

    @Test
    void everyTimerThatIsDue_runs_whenTheLoopWasBlockedForManyRounds() {
        IntStream.range(0, 3 * TimerWheel.SLOTS).forEach(i -> in(i * TICK, i));
        in(20 * ROUND, "later");
        now += 10 * ROUND;
        fire();
        assertThat(ran).hasSize(3 * TimerWheel.SLOTS).doesNotHaveDuplicates();
        pass(11 * ROUND);
        assertThat(ran).hasSize(3 * TimerWheel.SLOTS + 1).endsWith("later");
    }
}
