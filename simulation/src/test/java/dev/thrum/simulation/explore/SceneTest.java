package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** How things are after each step of a trace: values, holders, waits, signals, and the lines that have led there. */
// The programs are wrong on purpose.
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop", "UnusedVariable"})
class SceneTest {
    static final class Opposite implements Program {
        private final ReentrantLock[] forks = {new ReentrantLock(), new ReentrantLock()};

        @Override
        public List<Actor> actors() {
            return List.of(() -> both(0, 1), () -> both(1, 0));
        }

        private void both(int first, int second) {
            forks[first].lock();
            forks[second].lock();
            forks[second].unlock();
            forks[first].unlock();
        }
    }

    /** The same as methods of a test class. */
    static final class OppositeMethods {
        private final ReentrantLock left = new ReentrantLock();
        private final ReentrantLock right = new ReentrantLock();

        void leftFirst() {
            both(left, right);
        }

        void rightFirst() {
            both(right, left);
        }

        private static void both(ReentrantLock first, ReentrantLock second) {
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
        }

        void ends() {}
    }

    static final class EarlySignal implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ready = lock.newCondition();

        @Override
        public List<Actor> actors() {
            return List.of(this::await, this::signal);
        }

        private void await() throws InterruptedException {
            lock.lock();
            try {
                ready.await();
            } finally {
                lock.unlock();
            }
        }

        private void signal() {
            lock.lock();
            ready.signal();
            lock.unlock();
        }
    }

    static class Counter implements Program {
        private final AtomicInteger atomic = new AtomicInteger(7);
        private final Queue<String> queue = new ArrayDeque<>();
        private int plain;

        @Override
        public List<Actor> actors() {
            return List.of(this::add, this::add);
        }

        synchronized void add() {
            plain = plain + 1;
            atomic.incrementAndGet();
            queue.add("x");
        }
    }

    @Test
    void deadlock_endsWithTheHoldersAndTheWaits() {
        Finding finding = Explorer.of(Opposite.class).explore().findings().getFirst();

        Finding.Scene last = finding.steps().getLast().scene();
        assertThat(last.holders()).isEqualTo(Map.of("Opposite.forks[0]", 0, "Opposite.forks[1]", 1));
        assertThat(last.waits())
                .extracting(Finding.Wait::thread, Finding.Wait::reason, Finding.Wait::object, Finding.Wait::holder)
                .containsExactlyInAnyOrder(
                        tuple(0, "a lock", "Opposite.forks[1]", 1), tuple(1, "a lock", "Opposite.forks[0]", 0));
        assertThat(last.waits())
                .allSatisfy(wait ->
                        assertThat(wait.places()).hasSize(2).allMatch(place -> place.startsWith("SceneTest.java:")));
    }

    @Test
    void places_areOnlyThoseOfTheProgram_whenItIsATestClass() throws ReflectiveOperationException {
        Class<?> type = OppositeMethods.class;
        List<Method> actors = List.of(type.getDeclaredMethod("leftFirst"), type.getDeclaredMethod("rightFirst"));
        Finding finding = Explorer.ofMethods(type, List.of(), actors, type.getDeclaredMethod("ends"))
                .explore()
                .findings()
                .getFirst();

        assertThat(finding.steps().getLast().scene().waits())
                .hasSize(2)
                .allSatisfy(wait ->
                        assertThat(wait.places()).hasSize(2).allMatch(place -> place.startsWith("SceneTest.java:")));
    }

    @Test
    void callOfTheJdk_isToldFromItsObject() {
        Finding.Step step = Explorer.of(Opposite.class).explore().findings().getFirst().steps().stream()
                .filter(one -> one.operation().equals("calls"))
                .findFirst()
                .orElseThrow();

        assertThat(step.scene().subject()).isEqualTo("Opposite.forks[0]");
        assertThat(step.scene().call()).isEqualTo("ReentrantLock.lock");
    }

    @Test
    void signalThatNobodyWaitsFor_isInTheTrace() {
        Finding finding = Explorer.of(EarlySignal.class).explore().findings().getFirst();

        assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSED_WAKE_UP);
        assertThat(finding.steps())
                .filteredOn(step -> !step.scene().signals().isEmpty())
                .extracting(step -> step.thread() + " " + step.scene().signals())
                .containsExactly("1 [EarlySignal.ready]");
        assertThat(finding.steps().getLast().scene().waits())
                .extracting(Finding.Wait::reason)
                .containsExactly("a signal");
    }

    @Test
    void sample_hasAThreadThatWaits_andNoFinding() {
        ExplorationReport report = Explorer.of(Counter.class).sample();

        assertThat(report.findings()).isEmpty();
        assertThat(report.trace())
                .anySatisfy(step -> assertThat(step.scene().waits())
                        .anySatisfy(wait -> assertThat(wait.reason()).isEqualTo("a monitor")));
        assertThat(report.trace())
                .extracting(step -> step.scene().subject() + " " + step.scene().before() + ">" + step.value())
                .contains(
                        "Counter.plain 0>1",
                        "Counter.plain 1>2",
                        "Counter.atomic 7>8",
                        "Counter.atomic 8>9",
                        "Counter.queue []>[x]");
        assertThat(report.trace()).extracting(step -> step.scene().number()).isSorted();
    }

    @Test
    void replay_hasTheStepsOfAScheduleWithoutAFinding() {
        ExplorationReport report = Explorer.of(Counter.class).replay(scheduleOf(Counter.class, "0x6.1x6"));

        assertThat(report.findings()).isEmpty();
        assertThat(report.trace()).isNotEmpty();
        assertThat(report.trace().getLast().scene().holders()).isEmpty();
    }

    /** Schedules begin with a checksum of their program, which a message tells. */
    private static String scheduleOf(Class<? extends Program> program, String steps) {
        return ScheduleText.write(program.getName() + "[]", new int[0]) + steps;
    }
}
