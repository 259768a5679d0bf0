package dev.thrum.measure.compare.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import dev.thrum.measure.compare.HighestRate;
import dev.thrum.measure.compare.HighestRate.Attempt;
import dev.thrum.measure.compare.Reading;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The highest rate of arms whose latency is known at each rate. */
final class RateSearchTest {
    private static final Goal GOAL = new Goal(Figure.LATENCY_P99, 50);

    private static HighestRate search(int attempts, double saturation, RateSearch.Loader loader)
            throws IOException, InterruptedException {
        return new RateSearch(GOAL, 64, attempts).run("virtual", saturation, loader);
    }

    /** Within the goal up to a rate, and not above it. */
    private static RateSearch.Loader upTo(double limit) {
        return point -> loaded(Map.of(Figure.LATENCY_P99, point.rate() <= limit ? 40.0 : 60.0), "");
    }

    private static ArmGenerator.Loaded loaded(Map<Figure, Double> figures, String invalid) {
        List<LoadOrder.Invalid> reasons =
                invalid.isEmpty() ? List.of() : List.of(new LoadOrder.Invalid(invalid, "it is " + invalid));
        return new ArmGenerator.Loaded(
                new Reading("attempt", figures, List.of(), List.of()),
                new LoadOrder.Answer(
                        1,
                        1,
                        0,
                        "",
                        new LoadOrder.Latencies(null, null, null, null, null, null),
                        List.of(),
                        0,
                        reasons));
    }

    @ParameterizedTest
    @CsvSource({"10000, 1000", "9000, 200", "5000, 500", "1000, 500"})
    void rate_isFound_byHalving(double limit, double tolerance) throws Exception {
        HighestRate found = search(5, 10_000, upTo(limit));

        assertThat(found.rate()).isLessThanOrEqualTo(limit).isCloseTo(limit, within(tolerance));
        assertThat(found.attempts()).hasSize(5);
    }

    @Test
    void arm_thatMeetsTheGoalOnlyAtASmallRate_getsMoreAttempts() throws Exception {
        HighestRate found = search(3, 10_000, upTo(100));

        assertThat(found.rate()).isPositive().isLessThanOrEqualTo(100);
        assertThat(found.attempts()).hasSizeGreaterThan(3);
    }

    @Test
    void arm_thatMeetsTheGoalAtNoRate_hasNone_andTheSearchEnds() throws Exception {
        HighestRate found = search(3, 10_000, upTo(0));

        assertThat(found.rate()).isZero();
        assertThat(found.attempts()).isNotEmpty().noneMatch(Attempt::isMet);
    }

    @Test
    void load_withErrors_doesntMeetTheGoal() throws Exception {
        HighestRate found = search(3, 1_000, _ -> loaded(Map.of(Figure.LATENCY_P99, 1.0), "errors"));

        assertThat(found.rate()).isZero();
    }

    /** The latency that was measured is longer than the server's. */
    @Test
    void load_thatMetTheGoal_althoughTheGeneratorWasLate_meetsIt() throws Exception {
        HighestRate found = search(3, 1_000, _ -> loaded(Map.of(Figure.LATENCY_P99, 1.0), "late"));

        assertThat(found.rate()).isGreaterThan(800);
    }

    @Test
    void load_withoutAResponse_doesntMeetTheGoal() throws Exception {
        HighestRate found = search(3, 1_000, _ -> loaded(Map.of(), ""));

        assertThat(found.rate()).isZero();
    }
}
