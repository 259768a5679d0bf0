package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a measured ratio meets its bound. */
final class BoundStandingTest {
    @ParameterizedTest
    @CsvSource({
        "0.61, 0.70, reached",
        "0.60, 0.70, reached",
        "0.50, 0.70, touches",
        "0.50, 0.60, touches",
        "0.50, 0.59, missed"
    })
    void standing_atLeast_dependsOnTheWholeInterval(double low, double high, String standing) {
        assertThat(Bound.atLeast(0.6).standing(new Interval(low, low, high))).isEqualTo(standing);
    }

    @ParameterizedTest
    @CsvSource({
        "0.90, 1.09, reached",
        "0.90, 1.10, reached",
        "1.00, 1.20, touches",
        "1.10, 1.20, touches",
        "1.11, 1.20, missed"
    })
    void standing_atMost_dependsOnTheWholeInterval(double low, double high, String standing) {
        assertThat(Bound.atMost(1.1, 1.1).standing(new Interval(low, low, high)))
                .isEqualTo(standing);
    }
}
