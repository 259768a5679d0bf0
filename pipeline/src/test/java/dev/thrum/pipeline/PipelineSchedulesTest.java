package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.explore.ExplorationReport;
import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Program;
import dev.thrum.simulation.explore.Search;
import dev.thrum.work.QueueClosedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Small pipelines under all schedules with few preemptions, and their {@link Ledger} and {@link Batch} under every one. */
class PipelineSchedulesTest {
    private static final int PREEMPTIONS = Boolean.getBoolean("thrum.soak") ? 2 : 1;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final StageName<Integer> FIRST = StageName.of("first", Integer.class);
    private static final StageName<Integer> LATER = StageName.of("later", Integer.class);
    private static final RetryPolicy ONCE_MORE = new RetryPolicy(2, Duration.ZERO, Duration.ZERO, _ -> true);

    private static Item<Integer> item(int value) {
        return Item.of(String.valueOf(value), value);
    }

    private static StageOptions options() {
        return StageOptions.workers(1).virtual().capacity(1).retry(RetryPolicy.never());
    }

    /** The end is found when the last worker has settled, and never before. */
    static final class LastItem implements Program {
        private final AtomicInteger ends = new AtomicInteger();
        private final Ledger ledger = new Ledger(ends::incrementAndGet);
        private final AtomicInteger done = new AtomicInteger();

        LastItem() {
            assertThat(ledger.register(2)).isTrue();
        }

        @Override
        public List<Actor> actors() {
            return List.of(this::work, this::work, () -> ledger.settle(1));
        }

        private void work() {
            Ledger.Account account = ledger.account();
            account.register();
            account.settle();
            assertThat(ends).hasValue(0);
            done.incrementAndGet();
            account.settle();
            account.close();
        }

        @Override
        public void invariant() {
            assertThat(done).hasValue(2);
            assertThat(ends).hasValue(1);
            assertThat(ledger.open()).isZero();
            assertThat(ledger.register(1)).isFalse();
        }
    }

    /** Owner and others take from a batch: each item once. */
    static final class SharedBatch implements Program {
        private final AtomicInteger sum = new AtomicInteger();
        private final Batch<Integer> batch = new Batch<>(List.of(new Taken(item(1), 0), new Taken(item(2), 0)));

        private record Taken(Item<Integer> item, long since) implements PipelineQueue.Delivery<Integer> {}

        @Override
        public List<Actor> actors() {
            return List.of(this::take, this::take, this::take);
        }

        private void take() {
            PipelineQueue.Delivery<Integer> taken = batch.take();
            if (taken != null) {
                sum.addAndGet(taken.item().value());
            }
        }

        @Override
        public void invariant() {
            assertThat(sum).hasValue(3);
            assertThat(batch.size()).isZero();
        }
    }

    /** The first stage sends to the other, which sends back once. */
    static final class Cycle implements Program {
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("cycle")
                .stage(FIRST, options().backlog(2).sendsTo(LATER), (item, run) -> {
                    if (item.value() > 0) {
                        run.emit(LATER, item(item.value() - 1));
                    }
                    done.incrementAndGet();
                })
                .stage(LATER, options().sendsTo(FIRST), (item, run) -> {
                    run.emit(FIRST, item);
                    done.incrementAndGet();
                })
                .start();

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                pipeline.put(FIRST, item(1));
                pipeline.noMoreInput();
                assertThat(pipeline.join().isComplete()).isTrue();
                assertThat(done).hasValue(3);
            });
        }
    }

    /** Two threads put, one of them ends the input: the pipeline ends when the last item is done. */
    static final class EndAgainstPut implements Program {
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("end")
                .stage(FIRST, options(), (_, _) -> done.incrementAndGet())
                .start();
        private volatile int put;

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            pipeline.put(FIRST, item(1));
                            put = 1;
                        } catch (IllegalStateException e) {
                            // After the end of the input.
                            put = 0;
                        }
                    },
                    () -> {
                        pipeline.noMoreInput();
                        assertThat(pipeline.join().isComplete()).isTrue();
                    });
        }

        @Override
        public void invariant() {
            assertThat(done).hasValue(put);
        }

        @Override
        public String outcome() {
            return put + " put";
        }
    }

    /** An item that fails and is to be tried again is done, or handed back by the stop: once. */
    static final class RetryAgainstStop implements Program {
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("retry")
                .stage(FIRST, options().retry(ONCE_MORE), (_, run) -> {
                    if (run.attempt() == 1) {
                        throw new IllegalStateException("the first attempt");
                    }
                    done.incrementAndGet();
                })
                .start();
        private volatile int put = 1;
        private volatile List<Waiting<?>> left = List.of();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        try {
                            pipeline.put(FIRST, item(1));
                        } catch (QueueClosedException e) {
                            put = 0;
                        }
                    },
                    () -> left = pipeline.stop(SECOND));
        }

        @Override
        public void invariant() {
            assertThat(done.get() + left.size()).isEqualTo(put);
        }

        @Override
        public String outcome() {
            return "put %d, done %d, tried %s"
                    .formatted(
                            put,
                            done.get(),
                            left.stream().map(Waiting::attempts).toList());
        }
    }

    /** Workers that were paused begin again, and none of them sleeps for ever. */
    static final class PauseAgainstPut implements Program {
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("pause")
                .stage(FIRST, options(), (_, _) -> done.incrementAndGet())
                .start();

        @Override
        public List<Actor> actors() {
            return List.of(
                    () -> {
                        pipeline.put(FIRST, item(1));
                        pipeline.noMoreInput();
                        assertThat(pipeline.join().isComplete()).isTrue();
                    },
                    () -> {
                        pipeline.pause();
                        pipeline.resume();
                    });
        }

        @Override
        public void invariant() {
            assertThat(done).hasValue(1);
        }
    }

    /** A burst for two workers: both end, and everything is done. */
    static final class TwoWorkers implements Program {
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("two")
                .stage(FIRST, StageOptions.workers(2).virtual().capacity(4), (_, _) -> done.incrementAndGet())
                .start();

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                for (int i = 0; i < 3; i++) {
                    pipeline.put(FIRST, item(i));
                }
                pipeline.noMoreInput();
                assertThat(pipeline.join().isComplete()).isTrue();
            });
        }

        @Override
        public void invariant() {
            assertThat(done).hasValue(3);
        }
    }

    /** Two items of one key never run at once, and the second is not forgotten. */
    static final class OneKey implements Program {
        private int running;
        private final AtomicInteger done = new AtomicInteger();
        private final Pipeline pipeline = Pipeline.named("key")
                .stage(FIRST, StageOptions.workers(2).virtual().capacity(4).perKey(1), (_, _) -> run())
                .start();

        private void run() {
            assertThat(running).isZero();
            running = 1;
            done.incrementAndGet();
            running = 0;
        }

        @Override
        public List<Actor> actors() {
            return List.of(() -> {
                pipeline.put(FIRST, Item.of("1", "host", 1));
                pipeline.put(FIRST, Item.of("2", "host", 2));
                pipeline.noMoreInput();
                assertThat(pipeline.join().deadLetterCount()).isZero();
            });
        }

        @Override
        public void invariant() {
            assertThat(done).hasValue(2);
        }
    }

    @Test
    void end_isFoundOnce() {
        exhausted(LastItem.class);
    }

    @Test
    void itemOfABatch_isTakenOnce() {
        exhausted(SharedBatch.class);
    }

    private static void exhausted(Class<? extends Program> program) {
        ExplorationReport report = Explorer.of(program).check();
        assertThat(report.exhausted()).isTrue();
        assertThat(report.schedules()).isGreaterThan(1);
    }

    @Test
    void cycle_ends() {
        explored(Cycle.class);
    }

    @Test
    void itemThatIsPutDuringTheEnd_isDoneOrRefused() {
        assertThat(explored(EndAgainstPut.class).outcomes()).containsOnlyKeys("0 put", "1 put");
    }

    @Test
    void itemThatWaitsForARetry_isDoneOrHandedBack_whenThePipelineStops() {
        assertThat(explored(RetryAgainstStop.class).outcomes())
                .containsKeys(
                        "put 0, done 0, tried []",
                        "put 1, done 0, tried [0]",
                        "put 1, done 0, tried [1]",
                        "put 1, done 1, tried []");
    }

    @Test
    void pausedPipeline_goesOn() {
        explored(PauseAgainstPut.class);
    }

    @Test
    void burst_isDoneByTwoWorkers() {
        explored(TwoWorkers.class);
    }

    @Test
    void itemsOfOneKey_neverMeet() {
        explored(OneKey.class);
    }

    private static ExplorationReport explored(Class<? extends Program> program) {
        ExplorationReport report =
                Explorer.of(program).withSearch(Search.bounded(PREEMPTIONS)).check();
        assertThat(report.bound()).isEqualTo(PREEMPTIONS);
        assertThat(report.schedules()).isGreaterThan(1);
        return report;
    }
}
