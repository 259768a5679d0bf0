package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Programs that can't be explored are refused with one clear line, and never with a verdict. */
class BadInputTest {
    static final class NoActors implements Program {
        @Override
        public List<Actor> actors() {
            return List.of();
        }
    }

    static final class Leaks implements Program {
        private static int runs;
        private int mine;

        Leaks() {
            runs++;
        }

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        for (int i = 0; i < runs; i++) {
                            mine++;
                        }
                    },
                    () -> mine++);
        }
    }

    /** The leak begins only after some runs. */
    static final class LeaksLate implements Program {
        private static int runs;
        private int mine;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        if (runs++ > 5) {
                            mine++;
                        }
                        mine++;
                    },
                    () -> mine++);
        }
    }

    static final class RandomOutcome implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }

        @Override
        public String outcome() {
            return Integer.toHexString(new Object().hashCode()) + Math.random();
        }
    }

    static final class NeedsValue implements Program {
        NeedsValue(List<String> value) {
            assertThat(value).isNotNull();
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }
    }

    static final class Broken implements Program {
        Broken() {
            throw new IllegalStateException("not today");
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }
    }

    static final class ConstructorWaits implements Program {
        ConstructorWaits() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }
    }

    static final class InvariantWaits implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }

        @Override
        public void invariant() throws Exception {
            new CyclicBarrier(2).await();
        }
    }

    static final class ForeignPool implements Program {
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                CompletableFuture<Void> end = new CompletableFuture<>();
                ThreadPoolExecutor pool =
                        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
                pool.execute(() -> {
                    x++;
                    end.complete(null);
                });
                pool.shutdown();
                end.join();
            });
        }
    }

    static final class Fine implements Program {
        private int x;

        @Override
        public List<Actor> actors() {
            return List.of(() -> x++, () -> x++);
        }

        @Override
        public void invariant() {
            assertThat(x).isEqualTo(2);
        }
    }

    static final class Other implements Program {
        @Override
        public List<Actor> actors() {
            return List.of(() -> {});
        }
    }

    @Test
    void noActors() {
        assertThatThrownBy(() -> Explorer.of(NoActors.class).explore())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one actor");
    }

    @Test
    void stateThatLeaksFromRunToRun_isNoticed() {
        for (Class<? extends Program> program : List.of(Leaks.class, LeaksLate.class, RandomOutcome.class)) {
            assertThatThrownBy(() -> Explorer.of(program)
                            .withSearch(Search.plain())
                            .withFindings(9)
                            .explore())
                    .as(program.getName())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("static field that is written");
        }
    }

    @Test
    void argumentThatCanChange() {
        assertThatThrownBy(() -> Explorer.of(NeedsValue.class, new ArrayList<String>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all runs would share it");
    }

    @Test
    void noSuchConstructor() {
        assertThatThrownBy(() -> Explorer.of(NeedsValue.class, 1).explore())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("constructor for the arguments [1]");
    }

    @Test
    void constructorThatThrows() {
        assertThatThrownBy(() -> Explorer.of(Broken.class).explore())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not today");
    }

    @Test
    void constructorOrInvariantThatWaits() {
        for (Class<? extends Program> program : List.of(ConstructorWaits.class, InvariantWaits.class)) {
            assertThatThrownBy(() -> Explorer.of(program).explore())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not to wait");
        }
    }

    @Test
    void threadThatCannotBeScheduled_isNamed() {
        assertThatThrownBy(() -> Explorer.of(ForeignPool.class).explore())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pool-");
    }

    @Test
    void scheduleOfAnotherProgram_orNoSchedule() {
        String schedule =
                Explorer.of(Fine.class).explore().findings().getFirst().schedule();

        assertThatThrownBy(() -> Explorer.of(Other.class).replay(schedule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of another program");
        assertThatThrownBy(() -> Explorer.of(Fine.class).replay("0.1.0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("copy it from a finding");
        assertThatThrownBy(() -> Explorer.of(Fine.class).replay(schedule + ".0x3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("can't go on like that");
        assertThatThrownBy(() -> Explorer.of(Fine.class).replay(schedule.replaceFirst("-[^-]*$", "-1x2.9")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at step 2");
    }

    @Test
    void exploringOnAVirtualThread_isRefused() throws InterruptedException {
        List<Throwable> thrown = new ArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                boolean _ = Explorer.of(Fine.class).explore().exhausted();
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        thread.join();

        assertThat(thrown).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("platform thread"));
    }
}
