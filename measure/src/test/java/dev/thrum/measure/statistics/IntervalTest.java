package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Intervals of ratios, and the verdicts on them. */
final class IntervalTest {
    private static final double CLOSE = 1e-3;

    /** The logarithms are 1, 2 and 3: mean 2, deviation 1, and t for two degrees of freedom is 4.303. */
    @Test
    void interval_ofThreeRatios_isTheOneComputedByHand() {
        Interval interval = Interval.of(List.of(Math.exp(1), Math.exp(2), Math.exp(3)));

        double reach = 4.303 / Math.sqrt(3);
        assertThat(Math.log(interval.estimate())).isCloseTo(2, within(CLOSE));
        assertThat(Math.log(interval.low())).isCloseTo(2 - reach, within(CLOSE));
        assertThat(Math.log(interval.high())).isCloseTo(2 + reach, within(CLOSE));
    }

    /** For 60 degrees of freedom the tables say 2.000. */
    @Test
    void interval_ofManyRatios_usesTheTailOfTheTable() {
        List<Double> ratios = new ArrayList<>(Collections.nCopies(30, Math.exp(1)));
        ratios.addAll(Collections.nCopies(30, Math.exp(-1)));
        ratios.add(1.0);

        double deviation = 1;
        double reach = 2.000 * deviation / Math.sqrt(61);
        assertThat(Math.log(Interval.of(ratios).high())).isCloseTo(reach, within(CLOSE));
    }

    @Test
    void interval_ofOneRatio_isUnbounded() {
        Interval interval = Interval.of(List.of(1.5));

        assertThat(interval.estimate()).isCloseTo(1.5, within(CLOSE));
        assertThat(interval.low()).isZero();
        assertThat(interval.high()).isInfinite();
    }

    @Test
    void verdict_atMost_usesTheIntervalForPassing_andTheEstimateForTheGoal() {
        Bound bound = Bound.atMost(1.05, 1.0);

        assertThat(bound.verdict(new Interval(1.00, 0.90, 1.10))).isEqualTo("goal");
        assertThat(bound.verdict(new Interval(1.10, 1.05, 1.15))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(1.10, 1.06, 1.15))).isEqualTo("miss");
        assertThat(bound.verdict(Interval.of(List.of(0.5)))).isEqualTo("too few rounds");
    }

    @Test
    void verdict_atLeast_isTheOppositeOfAtMost() {
        Bound bound = Bound.atLeast(1.0, 1.15);

        assertThat(bound.verdict(new Interval(1.15, 1.10, 1.20))).isEqualTo("goal");
        assertThat(bound.verdict(new Interval(0.95, 0.90, 1.00))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(0.95, 0.90, 0.99))).isEqualTo("miss");
    }

    @Test
    void verdict_below_needsTheWholeInterval() {
        Bound bound = Bound.below(1.0);

        assertThat(bound.verdict(new Interval(0.90, 0.85, 0.95))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(0.90, 0.80, 1.00))).isEqualTo("open");
        assertThat(bound.verdict(new Interval(1.10, 1.00, 1.20))).isEqualTo("miss");
        assertThat(bound.verdict(Interval.of(List.of(0.5)))).isEqualTo("too few rounds");
    }

    @Test
    void verdict_withoutAStricterGoal_isPassOrMiss() {
        Bound bound = Bound.atLeast(1.5);

        assertThat(bound.verdict(new Interval(2.00, 1.90, 2.10))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(1.40, 1.30, 1.50))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(1.40, 1.35, 1.45))).isEqualTo("miss");
    }

    @Test
    void bound_isFormattedAsInTheTables() {
        assertThat(Bound.none()).hasToString("");
        assertThat(Bound.atMost(1.05, 1.0)).hasToString("<= 1.05, goal 1.00");
        assertThat(Bound.atLeast(1.5)).hasToString(">= 1.50");
        assertThat(Bound.below(1)).hasToString("< 1.00");
    }

    @Test
    void verdict_withoutABound_isNone() {
        assertThat(Bound.none().verdict(new Interval(9, 8, 10))).isEmpty();
    }

    @Test
    void ofPairs_isTheIntervalOfTheRatiosOfEachRound() {
        double[] ours = {1, 6, 10};
        double[] theirs = {2, 3, 5};
        Interval expected = Interval.of(List.of(0.5, 2.0, 2.0));

        assertThat(Interval.ofPairs(ours, theirs)).isEqualTo(expected);
        assertThat(Interval.ofPairs(List.of("a", "bb"), List.of("aa", "b"), String::length))
                .isEqualTo(Interval.of(List.of(0.5, 2.0)));
    }

    @Test
    void ofPairs_ofDifferentRounds_isRefused() {
        assertThatThrownBy(() -> Interval.ofPairs(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 and 3");
    }
}
