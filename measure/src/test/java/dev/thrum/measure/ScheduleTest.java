package dev.thrum.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final int CONNECTIONS = 3;
    private static final long PERIOD = 1_000;
    private static final long START = Long.MAX_VALUE - 500;

    /** The clock may overflow meanwhile. */
    @Test
    void connections_askInTurn_atEqualDistances() {
        Schedule schedule = new Schedule(CONNECTIONS, PERIOD, START);
        long[] delays = {0, 333, 666, 1_000, 1_333, 1_666, 2_000};

        for (int i = 0; i < delays.length; i++) {
            assertThat(schedule.connection()).isEqualTo(i % CONNECTIONS);
            assertThat(schedule.due() - START).isEqualTo(delays[i]);
            assertThat(schedule.isDue(START + delays[i] - 1)).isFalse();
            assertThat(schedule.isDue(START + delays[i])).isTrue();
            schedule.advance();
        }
    }
}
