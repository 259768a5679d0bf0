package dev.thrum.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.bench.Claim.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The figures that claims are judged by. */
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
    void interval_ofOneRatio_excludesNothing() {
        Interval interval = Interval.of(List.of(1.5));

        assertThat(interval.estimate()).isCloseTo(1.5, within(CLOSE));
        assertThat(interval.low()).isZero();
        assertThat(interval.high()).isInfinite();
    }

    @Test
    void verdict_atMost_takesTheIntervalForPassingAndTheEstimateForTheGoal() {
        Bound bound = new Bound(true, 1.05, 1.0);

        assertThat(bound.verdict(new Interval(1.00, 0.90, 1.10))).isEqualTo("goal");
        assertThat(bound.verdict(new Interval(1.10, 1.05, 1.15))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(1.10, 1.06, 1.15))).isEqualTo("miss");
        assertThat(bound.verdict(Interval.of(List.of(0.5)))).isEqualTo("too few rounds");
    }

    @Test
    void verdict_atLeast_isTheOtherWayRound() {
        Bound bound = new Bound(false, 1.0, 1.15);

        assertThat(bound.verdict(new Interval(1.15, 1.10, 1.20))).isEqualTo("goal");
        assertThat(bound.verdict(new Interval(0.95, 0.90, 1.00))).isEqualTo("pass");
        assertThat(bound.verdict(new Interval(0.95, 0.90, 0.99))).isEqualTo("miss");
    }

    @Test
    void claims_haveTheirBounds_whereTheyAreMade() {
        Claim cpu = new Claim("events-epoll/straight", "netty-epoll", Claim.Figure.CPU);
        Claim rate = new Claim("virtual/straight", "netty-epoll", Claim.Figure.RATE);

        assertThat(cpu.bound(64)).contains(new Bound(true, 1.05, 1.0));
        assertThat(cpu.bound(8)).isEmpty();
        assertThat(rate.madeAt(64)).isFalse();
        assertThat(rate.bound(1_000)).isEmpty();
        assertThat(Claim.all())
                .allMatch(claim -> Contender.named(claim.contender()).isPresent()
                        && Contender.named(claim.peer()).isPresent());
    }

    /** Our windows took 2 and 6 µs a round trip, theirs 1 and 1.5: ratios 2 and 4, whose geometric mean is the root of 8. */
    @Test
    void ratio_pairsTheWindowsOfEachRound() {
        Claim claim = new Claim("virtual/straight", "netty-epoll", Claim.Figure.CPU);

        Interval ratio = claim.ratio(List.of(window(2_000), window(6_000)), List.of(window(1_000), window(1_500)));

        assertThat(ratio.estimate()).isCloseTo(Math.sqrt(8), within(CLOSE));
    }

    private static Window window(long cpu) {
        return new Window(1, 1, cpu, 0, 0, 0, 0);
    }
}
