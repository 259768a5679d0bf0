package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

class EndOfWorkTest {
    private static final int SCHEDULES = Boolean.getBoolean("thrum.soak") ? 50_000 : 1_000;

    private final EndOfWork<String> work = new EndOfWork<>(Set.of("a", "b"));

    @Test
    void end_isNeverDeclaredEarly_andAlwaysDeclared() {
        int redelivered = 0;
        for (int seed = 0; seed < SCHEDULES; seed++) {
            SharedWorkSchedule schedule = new SharedWorkSchedule(seed, true);
            assertThat(schedule.endsEarly()).as("declared early, seed %d", seed).isFalse();
            assertThat(schedule.finds())
                    .as("declared in the end, seed %d", seed)
                    .isTrue();
            redelivered += schedule.redelivered();
        }
        assertThat(redelivered).isGreaterThan(SCHEDULES);
    }

    /** The schedules are good enough to catch the wrong order: what was created first, then what is done. */
    @Test
    void end_isDeclaredEarly_inSomeSchedule_whenTheCountersAreReadInTheWrongOrder() {
        boolean early = false;
        for (int seed = 0; seed < SCHEDULES && !early; seed++) {
            early = new SharedWorkSchedule(seed, false).endsEarly();
        }
        assertThat(early).isTrue();
    }

    @Test
    void isEnd_whenAllIsDone_isTrue() {
        EndOfWork<String>.Round round = work.round();
        round.done("a", 3);
        round.done("b", 0);
        assertThat(round.isEnd()).isFalse();
        round.created("a", 3);
        assertThat(round.isEnd()).as("before the last reading").isFalse();
        round.created("b", 0);
        assertThat(round.isEnd()).isTrue();
    }

    /** Work that moves from a partition to another while they are read is in the second sum. */
    @Test
    void isEnd_whenAnItemWasCreatedMeanwhile_isFalse() {
        EndOfWork<String>.Round round = work.round();
        round.done("a", 3);
        round.done("b", 1);
        round.created("a", 3);
        round.created("b", 2);
        assertThat(round.isEnd()).isFalse();
        assertThat(round.unfinished()).isOne();
    }

    @Test
    void reading_thatIsOlderThanAnother_changesNothing() {
        EndOfWork<String>.Round first = work.round();
        first.done("a", 5);
        first.done("b", 0);
        EndOfWork<String>.Round second = work.round();
        second.done("a", 4);
        second.done("b", 0);
        second.created("a", 5);
        second.created("b", 0);
        assertThat(second.isEnd()).isTrue();
    }

    @Test
    void readings_inTheWrongOrder_areRefused() {
        EndOfWork<String>.Round round = work.round();
        round.done("a", 1);
        assertThatThrownBy(() -> round.created("a", 1)).isInstanceOf(IllegalStateException.class);
        round.done("b", 1);
        round.created("a", 1);
        assertThatThrownBy(() -> round.done("b", 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> round.created("c", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void isEnd_whenMoreIsDoneThanWasCreated_isRefused() {
        EndOfWork<String>.Round round = work.round();
        round.done("a", 2);
        round.done("b", 0);
        round.created("a", 1);
        round.created("b", 1);
        assertThatThrownBy(round::isEnd).hasMessageContaining("deleted and made again");
    }
}
