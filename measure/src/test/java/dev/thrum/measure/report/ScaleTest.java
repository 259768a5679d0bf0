package dev.thrum.measure.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Axes of pictures. */
final class ScaleTest {
    @Test
    void linear_goesFromZeroToARoundNumber() {
        Scale scale = Scale.linear(List.of(3.0, 871.0));

        assertThat(scale).isEqualTo(new Scale(0, 1_000, false));
        assertThat(scale.ticks()).containsExactly(0.0, 200.0, 400.0, 600.0, 800.0, 1_000.0);
        assertThat(scale.place(500)).isEqualTo(0.5);
    }

    @Test
    void log_goesFromARoundNumberToAnother() {
        Scale scale = Scale.log(List.of(0.3, 7.0));

        assertThat(scale.low()).isCloseTo(0.2, within(1e-9));
        assertThat(scale.high()).isCloseTo(10, within(1e-9));
        assertThat(scale.place(0.2)).isZero();
        assertThat(scale.place(Math.sqrt(2))).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void generatedValues_areWithin_andTicksAreFew() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            double first = Math.exp(random.nextDouble(-12, 12));
            double second = first * Math.exp(random.nextDouble(0, 9));
            for (Scale scale : List.of(Scale.linear(List.of(first, second)), Scale.log(List.of(first, second)))) {
                assertThat(scale.low()).isLessThanOrEqualTo(first * (1 + 1e-6));
                assertThat(scale.high()).isGreaterThanOrEqualTo(second * (1 - 1e-6));
                assertThat(scale.ticks()).hasSizeBetween(2, 8).isSorted();
            }
        }
    }
}
