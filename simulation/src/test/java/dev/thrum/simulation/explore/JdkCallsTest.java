package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs over classes of the JDK: all searches find the same outcomes, and those that are to be expected. */
class JdkCallsTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                WaitingPrograms.WaitAndNotify.class,
                WaitingPrograms.TimedWait.class,
                WaitingPrograms.Queue.class,
                WaitingPrograms.TimedQueue.class,
                WaitingPrograms.Futures.class,
                WaitingPrograms.TimedFuture.class,
                WaitingPrograms.Async.class,
                WaitingPrograms.Pool.class,
                WaitingPrograms.Barrier.class,
                WaitingPrograms.Exchange.class,
                JdkPrograms.Interrupts.class,
                JdkPrograms.Parks.class,
                JdkPrograms.ReadAndWrite.class,
                JdkPrograms.Stamped.class,
                JdkPrograms.Iteration.class,
                JdkPrograms.SynchronizedList.class,
                JdkPrograms.Compute.class,
                JdkPrograms.Handles.class,
                JdkPrograms.Joins.class,
                JdkPrograms.StaticMonitor.class,
                SharedPrograms.AnythingUnderLock.class,
                SharedPrograms.AnythingUnderMonitor.class,
                SharedPrograms.AnythingBesideLock.class,
                SharedPrograms.CancelledTimer.class,
                SharedPrograms.BufferGets.class,
                SharedPrograms.RowsNext.class
            })
    void everySearch_findsTheOutcomes(Class<? extends WaitingPrograms.Known> program)
            throws ReflectiveOperationException {
        var constructor = program.getDeclaredConstructor();
        Set<String> expected = constructor.newInstance().expected();
        Explorer explorer = Explorer.of(program).withFindings(10);

        ExplorationReport systematic = explorer.explore();
        assertThat(systematic.findings()).isEmpty();
        assertThat(systematic.outcomes().keySet()).isEqualTo(expected);
        assertThat(systematic.exhausted()).isTrue();
        ExplorationReport asleep = explorer.withSearch(Search.sleepSets()).explore();
        assertThat(asleep.outcomes().keySet()).isEqualTo(expected);
        assertThat(asleep.schedules()).isEqualTo(systematic.schedules());
        ExplorationReport plain = explorer.withSearch(Search.plain())
                .withBudget(200_000, java.time.Duration.ofSeconds(20))
                .explore();
        assertThat(plain.outcomes().keySet()).isEqualTo(expected);
    }

    @Test
    void viewOfAListThatNeverChanges_isSharedWithNobody() {
        ExplorationReport report =
                Explorer.of(SharedPrograms.ViewOfAFixedList.class).check();

        assertThat(report.outcomes()).containsOnlyKeys("3,1");
        assertThat(report.schedules()).isOne();
    }
}
