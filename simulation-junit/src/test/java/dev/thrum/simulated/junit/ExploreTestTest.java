package dev.thrum.simulated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.TestExecutionResult.Status.ABORTED;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;

import dev.thrum.simulation.explore.ExplorationFailure;
import dev.thrum.simulation.explore.Timeouts;
import dev.thrum.simulation.junit.Actor;
import dev.thrum.simulation.junit.ExploreTest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The examples here are tests that this test runs. */
// Some are wrong on purpose.
@SuppressWarnings({"JUnitMalformedDeclaration", "unused"})
class ExploreTestTest {
    static class Counts {
        int count;

        @Actor(threads = 2)
        synchronized void increment() {
            count++;
        }

        @ExploreTest
        void noIncrementIsLost() {
            assertThat(count).isEqualTo(2);
        }
    }

    static class Loses {
        private int count;

        @Actor(threads = 2)
        private void increment() {
            count++;
        }

        @ExploreTest
        void noIncrementIsLost() {
            assertThat(count).isEqualTo(2);
        }
    }

    @Test
    void test_passes_whenEverySchedulePasses_andReportsHowManyThereWere() {
        Ran ran = Ran.of(Counts.class);

        assertThat(ran.status()).isEqualTo(SUCCESSFUL);
        assertThat(ran.entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("explored"))
                        .startsWith("nothing found in 2 schedules, all that can differ"));
    }

    @Test
    void failure_showsTheShortestSchedule_byTheNamesOfTheMethods() {
        Ran ran = Ran.of(Loses.class);

        assertThat(ran.message()).startsWith("INVARIANT: the invariant fails: ");
        assertThat(ran.message().lines().map(line -> line.replaceAll(" *\\(.*", "")))
                .containsSequence(
                        "  increment 1 begins",
                        "              reads Loses.count = 0",
                        "  increment 2 begins",
                        "              reads Loses.count = 0",
                        "              writes Loses.count = 1",
                        "  increment 1 writes Loses.count = 1",
                        "  replay it with @ExploreTest");
        assertThat(ran.message())
                .contains("mvn test -Dtest='dev.thrum.simulated.junit.ExploreTestTest$Loses#noIncrementIsLost'"
                        + " -Dthrum.schedule=" + schedule(ran));
    }

    private static String schedule(Ran ran) {
        return ((ExplorationFailure) ran.thrown())
                .report()
                .findings()
                .getFirst()
                .schedule();
    }

    @Test
    void schedule_ofAFailure_isTheOnlyOneThatRuns_whenThePropertyNamesIt() {
        Ran first = Ran.of(Loses.class);
        Ran again = Ran.with("thrum.schedule", schedule(first), Loses.class);

        assertThat(again.message()).contains("1 found in 1 schedules");
        assertThat(again.message().lines().limit(8))
                .containsExactlyElementsOf(first.message().lines().limit(8).toList());
    }

    static class Replays extends Counts {
        @Override
        @ExploreTest(replay = "s1-f00d-0.1")
        void noIncrementIsLost() {}
    }

    @Test
    void schedule_ofAnotherProgram_isRefused_alsoAsAnAttribute() {
        assertThat(Ran.of(Replays.class).message())
                .startsWith(
                        "expected a schedule of dev.thrum.simulated.junit.ExploreTestTest$Replays[increment 1, increment 2]"
                                + " but it is of another program");
    }

    @Test
    void schedule_thatShowsNothing_isSkipped_andDoesNotPass() {
        Ran ran = Ran.of(FineAgain.class);
        assertThat(ran.status()).isEqualTo(ABORTED);
        assertThat(ran.message()).contains("shows nothing wrong");
    }

    static class FineAgain {
        @Actor
        void doesNothing() {}

        @ExploreTest(replay = "s1-aefd3dba-0")
        void holds() {}
    }

    static class SetsUp extends Counts {
        private int[] steps = {};
        private static int objects;

        @BeforeEach
        void makeSteps() {
            steps = new int[] {1, 2};
            objects++;
        }

        @Actor
        void addSteps() {
            for (int step : steps) {
                add(step);
            }
        }

        private synchronized void add(int step) {
            count += step;
        }

        @Override
        @ExploreTest
        void noIncrementIsLost() {
            assertThat(count).isEqualTo(5);
        }
    }

    @Test
    void eachSchedule_hasAnObjectOfItsOwn_thatWasSetUp() {
        assertThat(Ran.of(SetsUp.class).status()).isEqualTo(SUCCESSFUL);
        // JUnit has set up its own object of the original class, and the schedules are of the other one.
        assertThat(SetsUp.objects).isEqualTo(1);
    }

    static class Outer {
        private int count;

        @BeforeEach
        void begin() {
            count = 10;
        }

        @Nested
        class Inner {
            @BeforeEach
            void goOn() {
                count++;
            }

            @Actor
            void first() {
                count++;
            }

            @Actor
            void second() {
                count++;
            }

            @ExploreTest
            void noneIsLost() {
                assertThat(count).isEqualTo(13);
            }
        }
    }

    @Test
    void innerClass_hasANewObjectAroundIt_forEachSchedule() {
        assertThat(Ran.of(Outer.class).message())
                .contains("first ", "second ")
                .contains("writes Outer.count = 12")
                .contains("-Dtest='dev.thrum.simulated.junit.ExploreTestTest$Outer$Inner#noneIsLost'");
    }

    static class NeedsOnePreemption extends Loses {
        @Override
        @ExploreTest(preemptions = 1)
        void noIncrementIsLost() {
            super.noIncrementIsLost();
        }
    }

    static class WithoutPreemptions extends Loses {
        @Override
        @ExploreTest(preemptions = 0)
        void noIncrementIsLost() {
            super.noIncrementIsLost();
        }
    }

    @Test
    void preemptions_limitTheSearch() {
        assertThat(Ran.of(NeedsOnePreemption.class).status()).isEqualTo(FAILED);
        Ran ran = Ran.of(WithoutPreemptions.class);
        assertThat(ran.status()).isEqualTo(SUCCESSFUL);
        assertThat(ran.entries().getFirst().get("explored")).contains("all with at most 0 preemptions");
    }

    static class Waits {
        private final CountDownLatch latch = new CountDownLatch(1);
        private boolean inTime;

        @Actor
        void open() {
            latch.countDown();
        }

        @Actor
        void pass() throws InterruptedException {
            inTime = latch.await(1, TimeUnit.DAYS);
        }

        @ExploreTest
        void itIsInTime() {
            assertThat(inTime).isTrue();
        }
    }

    static class WaitsForAnyTime extends Waits {
        @Override
        @ExploreTest(timeouts = Timeouts.ANY)
        void itIsInTime() {
            super.itIsInTime();
        }
    }

    @Test
    void timeouts_mayComeAtAnyMoment() {
        assertThat(Ran.of(Waits.class).status()).isEqualTo(SUCCESSFUL);
        assertThat(Ran.of(WaitsForAnyTime.class).status()).isEqualTo(FAILED);
    }

    static class TooMany extends Counts {
        @Override
        @ExploreTest(schedules = 1)
        void noIncrementIsLost() {}
    }

    static class NoActors {
        @ExploreTest
        void holds() {}
    }

    static class NoThreads {
        @Actor(threads = 0)
        void nobody() {}

        @ExploreTest
        void holds() {}
    }

    static class ActorWithAParameter {
        @Actor
        void wants(int value) {}

        @ExploreTest
        void holds() {}
    }

    static class NeedsAValue {
        NeedsAValue(org.junit.jupiter.api.TestInfo info) {
            assertThat(info).isNotNull();
        }

        @Actor
        void doesNothing() {}

        @ExploreTest
        void holds() {}
    }

    @Test
    void badInput_hasOneClearLine() {
        assertThat(Ran.of(TooMany.class).message())
                .startsWith("expected at most 1 schedules but some are left: limit them with preemptions = 2");
        assertThat(Ran.of(NoActors.class).message())
                .endsWith("to have methods with @Actor, which run at the same time, but there is none");
        assertThat(Ran.of(NoThreads.class).message())
                .isEqualTo("expected at least 1 thread for the actor nobody but was 0");
        assertThat(Ran.of(ActorWithAParameter.class).message())
                .startsWith("expected a method without parameters that is not static but was wants of ");
        assertThat(Ran.of(NeedsAValue.class).message()).endsWith("to have a constructor without parameters");
    }
}
