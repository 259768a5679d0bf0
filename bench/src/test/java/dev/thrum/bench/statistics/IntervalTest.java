package dev.thrum.bench.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thrum.bench.load.Exchange;
import dev.thrum.bench.load.Load;
import dev.thrum.bench.load.Window;
import dev.thrum.bench.options.Protocol;
import dev.thrum.bench.tables.Claim;
import dev.thrum.bench.tables.Claim.Figure;
import dev.thrum.bench.tables.HttpClaims;
import dev.thrum.bench.tables.LineClaims;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The statistics that decide on claims. */
final class IntervalTest {
    private static final double CLOSE = 1e-3;
    private static final String EPOLL = "events-epoll/straight";
    private static final String VIRTUAL = "virtual/straight";
    private static final String NETTY = "netty-epoll";

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
    void claims_haveTheirBounds_atTheLoadsThatAreBounded() {
        Load few = new Load(Exchange.LINE, 8);
        Load some = new Load(Exchange.LINE, 64);
        Load many = new Load(Exchange.LINE, 1_000);
        List<Claim> claims = LineClaims.at(List.of(few, some, many));

        assertThat(claims)
                .contains(new Claim(EPOLL, NETTY, Figure.CPU, some, Bound.atMost(1.05, 1.0)))
                .contains(new Claim(EPOLL, NETTY, Figure.CPU, few, Bound.none()))
                .contains(new Claim(EPOLL, NETTY, Figure.RATE, many, Bound.atLeast(1.0, 1.15)))
                .contains(new Claim(VIRTUAL, NETTY, Figure.RATE, many, Bound.none()))
                .noneMatch(
                        claim -> claim.figure() == Figure.RATE && claim.load().equals(few))
                .allMatch(claim -> Protocol.LINES.contender(claim.contender()).isPresent()
                        && Protocol.LINES.contender(claim.peer()).isPresent());
    }

    @Test
    void httpClaims_haveTheirBounds_atTheLoadsThatAreBounded() {
        Load few = new Load(Exchange.JSON, 8);
        Load many = new Load(Exchange.JSON, 1_024);
        Load pipelined = new Load(Exchange.PIPELINED, 64);
        List<Claim> claims = HttpClaims.at(List.of(few, many, pipelined));

        assertThat(claims)
                .contains(new Claim("events-nio", "netty-nio", Figure.CPU, many, Bound.atMost(1.05, 1.0)))
                .contains(new Claim("events-epoll", "jdk", Figure.CPU, many, Bound.below(1.0)))
                .contains(new Claim("virtual", "helidon", Figure.CPU, few, Bound.none()))
                .contains(new Claim("events-epoll", NETTY, Figure.YIELD, pipelined, Bound.atLeast(1.5)))
                .filteredOn(claim -> claim.load().equals(pipelined))
                .hasSize(2);
        assertThat(claims)
                .allMatch(claim -> Protocol.HTTP.contender(claim.contender()).isPresent()
                        && Protocol.HTTP.contender(claim.peer()).isPresent());
    }

    /** Half the CPU per request is twice the requests per second of CPU. */
    @Test
    void yield_isTheReciprocalOfCpu() {
        Claim claim = new Claim("ours", "theirs", Figure.YIELD, new Load(Exchange.PIPELINED, 64), Bound.none());

        assertThat(claim.ratio(List.of(window(1_000)), List.of(window(2_000))).estimate())
                .isCloseTo(2, within(CLOSE));
    }

    /** Our windows took 2 and 6 µs a round trip, theirs 1 and 1.5: ratios 2 and 4, whose geometric mean is the root of 8. */
    @Test
    void ratio_pairsTheWindowsOfEachRound() {
        Claim claim = new Claim(VIRTUAL, NETTY, Figure.CPU, new Load(Exchange.LINE, 8), Bound.none());

        Interval ratio = claim.ratio(List.of(window(2_000), window(6_000)), List.of(window(1_000), window(1_500)));

        assertThat(ratio.estimate()).isCloseTo(Math.sqrt(8), within(CLOSE));
    }

    private static Window window(long cpu) {
        return new Window(1, 1, cpu, 0, 0, 0, 0, 0, 0, 0);
    }
}
