package dev.thrum.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleTest {
    private static final long START = Long.MAX_VALUE - 500;
    private static final long SECOND = 1_000_000_000;

    /** Three million a second are one in 333 ns. The clock may overflow meanwhile. */
    @Test
    void requests_areDue_atEqualDistances() {
        Schedule schedule = new Schedule(3_000_000, 0, START);
        long[] delays = {0, 333, 666, 1_000, 1_333, 1_666, 2_000};

        for (int i = 0; i < delays.length; i++) {
            assertThat(schedule.number()).isEqualTo(i);
            assertThat(schedule.due() - START).isEqualTo(delays[i]);
            assertThat(schedule.isDue(START + delays[i] - 1)).isFalse();
            assertThat(schedule.isDue(START + delays[i])).isTrue();
            schedule.advance();
        }
    }

    /** A rate that grows evenly to 100 within 2 s has sent 25 requests after one second, and 100 after two. */
    @Test
    void requests_areHalfAsManyInTheRamp_whichGrowsEvenly() {
        Schedule schedule = new Schedule(100, 2 * SECOND, START);

        assertThat(schedule.due(25) - START).isEqualTo(SECOND);
        assertThat(schedule.due(100) - START).isEqualTo(2 * SECOND);
        assertThat(schedule.due(200) - START).isEqualTo(3 * SECOND);
        assertThat((double) schedule.dueBy(schedule.due(0) + SECOND)).isCloseTo(25, within(1.0));
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "0.7, 0", "1000, 0", "123456, 0", "1e9, 0", "977, 1500000000"})
    void dueBy_countsExactlyTheRequestsThatAreDue(double rate, long ramp) {
        Schedule schedule = new Schedule(rate, ramp, START);

        for (long number : new long[] {0, 1, 2, 3, 10, 999, 1_000, 1_000_003}) {
            long due = schedule.due(number);
            assertThat(schedule.dueBy(due)).isGreaterThan(number);
            assertThat(schedule.dueBy(due - 1)).isLessThanOrEqualTo(number);
        }
        assertThat(schedule.dueBy(START - 1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, 1.000001e9})
    void rate_thatTheClockCannotTellApart_isRefused(double rate) {
        assertThatThrownBy(() -> new Schedule(rate, 0, 0)).hasMessageContaining("expected a rate above 0 and at most");
    }
}
