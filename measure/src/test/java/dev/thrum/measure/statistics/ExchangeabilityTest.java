package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether trends and steps are found, and how often where there are none. */
final class ExchangeabilityTest {
    private static final int SAMPLES = 10_000;

    /** By hand: the slope 0.7 explains 4.9 of 5.2, so t = 7 with 3 degrees of freedom; the series gives 0.0060. */
    @Test
    void trend_isTheTTestOfTheSlope() {
        assertThat(Exchangeability.trend(new double[] {1, 2, 2, 3, 4})).isCloseTo(0.0060, within(0.0001));
    }

    /** By hand: means 0.5 and 10.5, pooled variance 0.5, t = 10 / sqrt(0.5) = 14.14 with 2 degrees of freedom: 0.00496. */
    @Test
    void step_ofFourValues_isTheTTestOfTheTwoHalves() {
        assertThat(Exchangeability.step(new double[] {0, 1, 10, 11})).isCloseTo(0.00496, within(0.0001));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 8, 15})
    void probability_isSmallInAtMostOneOfTwenty_withoutTrendOrStep(int count) {
        SplittableRandom random = new SplittableRandom(count);
        long found = IntStream.range(0, SAMPLES)
                .filter(_ -> Exchangeability.probability(ratios(random, new double[count])) <= 0.05)
                .count();
        System.out.println("trend or step where there is none, " + count + " rounds: " + found + " of " + SAMPLES);

        // The standard error of the count is 22.
        assertThat(found).isLessThanOrEqualTo(544);
        assertThat(found).isGreaterThan(SAMPLES / 100);
    }

    @Test
    void probability_isSmall_forAStepOrATrend() {
        SplittableRandom random = new SplittableRandom(1);
        double[] step = IntStream.range(0, 15).mapToDouble(i -> i < 7 ? 0 : 4).toArray();
        double[] trend = IntStream.range(0, 15).mapToDouble(i -> i * 0.4).toArray();

        assertThat(found(random, step)).isGreaterThan(SAMPLES * 99 / 100);
        assertThat(found(random, trend)).isGreaterThan(SAMPLES * 95 / 100);
    }

    /** A single outlier, even the first value, is hardly ever taken for a trend or a step. */
    @Test
    void anOutlier_isNoStep() {
        for (int at = 0; at < 15; at++) {
            SplittableRandom random = new SplittableRandom(at);
            double[] outlier = new double[15];
            outlier[at] = 20;

            assertThat(found(random, outlier)).as("an outlier at %d", at).isLessThan(SAMPLES / 10);
        }
    }

    private static long found(SplittableRandom random, double[] effects) {
        return IntStream.range(0, SAMPLES)
                .filter(_ -> Exchangeability.probability(ratios(random, effects)) <= 0.05)
                .count();
    }

    private static List<Double> ratios(SplittableRandom random, double[] effects) {
        return IntStream.range(0, effects.length)
                .mapToObj(i -> Math.exp(0.01 * (effects[i] + random.nextGaussian())))
                .toList();
    }
}
