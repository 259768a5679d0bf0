package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Student's t distribution, against printed tables of its quantiles. */
final class StudentTest {
    @ParameterizedTest
    @CsvSource({
        "1, 12.7062, 0.05",
        "2, 4.3027, 0.05",
        "3, 3.1824, 0.05",
        "4, 2.7764, 0.05",
        "14, 2.1448, 0.05",
        "30, 2.0423, 0.05",
        "1, 63.6567, 0.01",
        "4, 4.6041, 0.01",
        "5, 4.0321, 0.01",
        "4, 8.6103, 0.001",
        "15, 4.0728, 0.001"
    })
    void beyond_isTheProbabilityOfTheTable(int freedom, double t, double probability) {
        assertThat(Student.beyond(t, freedom)).isCloseTo(probability, within(probability / 1_000));
        assertThat(Student.beyond(-t, freedom)).isEqualTo(Student.beyond(t, freedom));
    }

    @Test
    void beyond_isOneAtZero_andZeroAtInfinity() {
        for (int freedom = 1; freedom < 40; freedom++) {
            assertThat(Student.beyond(0, freedom)).isEqualTo(1);
            assertThat(Student.beyond(Double.POSITIVE_INFINITY, freedom)).isZero();
            assertThat(Student.beyond(1e9, freedom)).isBetween(0.0, 1e-8);
        }
    }
}
