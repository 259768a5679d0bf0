package dev.thrum.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.thrum.lab.picture.Stuck;
import dev.thrum.lab.scenario.LabScenario;
import dev.thrum.lab.scenario.LabScenario.Variant;
import dev.thrum.simulation.explore.Program;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs on real threads, of programs that show their hazard in every run. */
@Timeout(60)
final class RealRunTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static RealResult run(Class<? extends Program> program, int rounds, Duration limit)
            throws InterruptedException {
        Variant variant = new Variant(Variant.BROKEN, program, List.of(), List.of(), rounds);
        LabScenario scenario =
                new LabScenario(21, "test", "a test", "none", List.of("Ann", "Bob"), List.of(variant), null);
        return new RealRun(scenario, variant, limit).run();
    }

    /** Each takes a lock, and then waits for the other's. */
    static final class Opposite implements Program {
        private final ReentrantLock fork = new ReentrantLock();
        private final ReentrantLock knife = new ReentrantLock();
        private final CountDownLatch taken = new CountDownLatch(2);

        @Override
        public List<Actor> actors() {
            return List.of(() -> take(fork, knife), () -> take(knife, fork));
        }

        private void take(ReentrantLock first, ReentrantLock second) throws InterruptedException {
            first.lockInterruptibly();
            taken.countDown();
            taken.await();
            second.lockInterruptibly();
        }
    }

    @Test
    void deadlock_isNoticed_withWhoHoldsWhat() throws InterruptedException {
        RealResult result = run(Opposite.class, 1, LONG);

        assertThat(result.isBad()).isTrue();
        assertThat(result.last().kind()).isEqualTo(RealResult.Kind.STUCK);
        assertThat(result.last().waiting())
                .extracting(Stuck::thread, Stuck::lock, Stuck::holder)
                .containsExactlyInAnyOrder(tuple("Ann", "knife", "Bob"), tuple("Bob", "fork", "Ann"));
        assertThat(result.last().waiting())
                .allSatisfy(thread -> assertThat(thread.line()).isPositive());
    }

    /** Waits for a signal that was given before. */
    static final class Late implements Program {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition ready = lock.newCondition();
        private final CountDownLatch signalled = new CountDownLatch(1);

        @Override
        public List<Actor> actors() {
            return List.of(this::waits, this::signals);
        }

        @SuppressWarnings("WaitNotInLoop") // Wrong on purpose.
        private void waits() throws InterruptedException {
            signalled.await();
            lock.lockInterruptibly();
            try {
                ready.await();
            } finally {
                lock.unlock();
            }
        }

        private void signals() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                ready.signalAll();
            } finally {
                lock.unlock();
            }
            signalled.countDown();
        }
    }

    @Test
    void lostSignal_isNoticed_withItsCondition() throws InterruptedException {
        RealResult result = run(Late.class, 1, LONG);

        assertThat(result.last().waiting())
                .extracting(Stuck::thread, Stuck::lock, Stuck::holder)
                .containsExactly(tuple("Ann", "a signal of ready", ""));
    }

    /** Takes from a queue into which nobody puts, on a thread of a pool. */
    static final class Empty implements Program {
        private final BlockingQueue<Integer> queue = new LinkedBlockingQueue<>();
        private final ExecutorService pool = Executors.newFixedThreadPool(1);

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                try (pool) {
                    int _ = pool.submit(queue::take).get();
                }
            });
        }
    }

    @Test
    void waitThatTheLabDoesNotKnow_isNoticed_alsoInAPool() throws InterruptedException {
        RealResult result = run(Empty.class, 1, LONG);

        assertThat(result.last().kind()).isEqualTo(RealResult.Kind.STUCK);
        assertThat(result.last().waiting()).hasSize(2).anySatisfy(thread -> {
            assertThat(thread.thread()).isEqualTo("Ann");
            assertThat(thread.lock()).isEqualTo("the end of get()");
        });
    }

    /** Goes on until it is interrupted. */
    static final class Endless implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    @Test
    void runWithoutAnEnd_isEnded() throws InterruptedException {
        RealResult result = run(Endless.class, 1, Duration.ofMillis(100));

        assertThat(result.last().kind()).isEqualTo(RealResult.Kind.ENDLESS);
        assertThat(result.isBad()).isTrue();
    }

    /** The same, and tells that it has begun and that it has ended. */
    static final class Watched implements Program {
        private static final CountDownLatch BEGUN = new CountDownLatch(1);
        private static final CountDownLatch ENDED = new CountDownLatch(1);

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                BEGUN.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                ENDED.countDown();
            });
        }
    }

    @Test
    void runThatIsInterrupted_leavesNoThread() throws InterruptedException {
        FutureTask<RealResult> run = new FutureTask<>(() -> run(Watched.class, 1, LONG));
        Thread runner = new Thread(run, "runner");
        runner.start();
        Watched.BEGUN.await();
        runner.interrupt();

        assertThatThrownBy(run::get).hasCauseInstanceOf(InterruptedException.class);
        Watched.ENDED.await();
    }

    /** A result that is wrong in the third round. */
    static final class Third implements Program {
        private static final AtomicInteger ROUNDS = new AtomicInteger();

        @Override
        public List<Actor> actors() {
            return List.of(ROUNDS::incrementAndGet);
        }

        @Override
        public void invariant() {
            if (ROUNDS.get() == 3) {
                throw new AssertionError("expected another round but was 3");
            }
        }

        @Override
        public String outcome() {
            return "round " + ROUNDS;
        }
    }

    @Test
    void rounds_endWithTheFirstThatIsWrong() throws InterruptedException {
        RealResult result = run(Third.class, 10, LONG);

        assertThat(result.rounds()).isEqualTo(3);
        assertThat(result.last())
                .isEqualTo(new RealResult.Round(
                        RealResult.Kind.WRONG, "round 3", "expected another round but was 3", List.of()));
    }

    /** A thread that nobody joins writes the result. */
    static final class Slow implements Program {
        private volatile int result;

        @Override
        public List<Actor> actors() {
            return List.of(() -> new Thread(() -> result = 7).start());
        }

        @Override
        public String outcome() {
            return "result " + result;
        }
    }

    @Test
    void threadsThatTheProgramStarts_areWaitedFor() throws InterruptedException {
        RealResult result = run(Slow.class, 5, LONG);

        assertThat(result.isBad()).isFalse();
        assertThat(result.rounds()).isEqualTo(5);
        assertThat(result.last().outcome()).isEqualTo("result 7");
    }

    /** Throws on a thread of its own. */
    static final class Throwing implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> new Thread(() -> {
                        throw new IllegalStateException("as asked");
                    })
                    .start());
        }
    }

    @Test
    void exception_ofAnyThread_isTheProblem() throws InterruptedException {
        RealResult result = run(Throwing.class, 1, LONG);

        assertThat(result.last().kind()).isEqualTo(RealResult.Kind.WRONG);
        assertThat(result.last().problem()).isEqualTo("as asked");
    }
}
