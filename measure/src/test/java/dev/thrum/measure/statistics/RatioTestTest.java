package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests of ratios: what they share with intervals, and samples computed by hand. */
final class RatioTestTest {
    private static final Band BAND = new Band(0.03);
    private static final double CLOSE = 1e-3;

    /** The probabilities and the interval are two ways to say the same, so they must agree on generated samples. */
    @Test
    void probabilities_agreeWithTheInterval_onGeneratedSamples() {
        SplittableRandom random = new SplittableRandom(5);
        for (int sample = 0; sample < 10_000; sample++) {
            double effect = random.nextDouble(-0.06, 0.06);
            List<Double> ratios = Stream.generate(() -> Math.exp(effect + 0.02 * random.nextGaussian()))
                    .limit(random.nextInt(2, 20))
                    .toList();
            RatioTest test = RatioTest.paired(ratios, BAND);
            Interval interval = test.interval();
            boolean excludesOne = interval.low() > 1 || interval.high() < 1;
            boolean isInside = interval.low() >= BAND.low() && interval.high() <= BAND.high();
            // Printed quantiles have three digits.
            if (Math.abs(test.differs() - 0.05) > 1e-4) {
                assertThat(test.differs() <= 0.05).isEqualTo(excludesOne);
            }
            if (Math.abs(test.same() - 0.05) > 1e-4) {
                assertThat(test.same() <= 0.05).isEqualTo(isInside);
            }
        }
    }

    /** The logarithms are 0, 0 and 3: their averages are 0, 0, 0, 1.5, 1.5 and 3, so the median is 0.75. */
    @Test
    void robust_isTheMedianOfAllAveragesOfTwo() {
        RatioTest test = RatioTest.paired(List.of(1.0, 1.0, Math.exp(3)), BAND);

        assertThat(Math.log(test.robust())).isCloseTo(0.75, within(CLOSE));
        assertThat(Math.log(test.aroundRobust().high())
                        - Math.log(test.aroundRobust().low()))
                .isCloseTo(
                        Math.log(test.interval().high())
                                - Math.log(test.interval().low()),
                        within(CLOSE));
    }

    /** Logarithms 1, 2, 3 and 2, 4, 6: variances 1 and 4, error sqrt(5/3), freedom (5/3)^2 / (1/18 + 16/18) = 2.94, so 2. */
    @Test
    void unpaired_isWelchsTest() {
        RatioTest test = RatioTest.unpaired(exp(1, 2, 3), exp(2, 4, 6), BAND);

        double reach = 4.303 * Math.sqrt(5 / 3.0);
        assertThat(Math.log(test.interval().estimate())).isCloseTo(-2, within(CLOSE));
        assertThat(Math.log(test.interval().low())).isCloseTo(-2 - reach, within(CLOSE));
        assertThat(Math.log(test.interval().high())).isCloseTo(-2 + reach, within(CLOSE));
        assertThat(Math.log(test.robust())).isCloseTo(-2, within(CLOSE));
    }

    private static List<Double> exp(double... logs) {
        return Arrays.stream(logs).map(Math::exp).boxed().toList();
    }

    @Test
    void constantRatios_areMarked_andTestNothing() {
        RatioTest test = RatioTest.paired(List.of(1.1, 1.1, 1.1, 1.1, 1.1), BAND);

        assertThat(test.isConstant()).isTrue();
        assertThat(test.differs()).isEqualTo(1);
        assertThat(test.same()).isEqualTo(1);
    }

    @Test
    void badSamples_areRefused() {
        assertThatThrownBy(() -> RatioTest.paired(List.of(1.0), BAND))
                .hasMessageContaining("at least two values above 0");
        assertThatThrownBy(() -> RatioTest.paired(List.of(1.0, 0.0), BAND)).hasMessageContaining("but was [1.0, 0.0]");
    }

    @Test
    void relation_followsTheRuleOfTheBand() {
        assertThat(BAND.relation(new Interval(1.05, 1.01, 1.09))).isEqualTo(Relation.MORE);
        assertThat(BAND.relation(new Interval(0.95, 0.91, 0.99))).isEqualTo(Relation.LESS);
        assertThat(BAND.relation(new Interval(1.02, 1.01, 1.029))).isEqualTo(Relation.SAME);
        assertThat(BAND.relation(new Interval(1.00, 0.98, 1.02))).isEqualTo(Relation.SAME);
        assertThat(BAND.relation(new Interval(1.02, 0.99, 1.05))).isEqualTo(Relation.UNDECIDED);
        assertThat(BAND.relation(new Interval(1.00, 0.90, 1.10))).isEqualTo(Relation.UNDECIDED);
    }
}
