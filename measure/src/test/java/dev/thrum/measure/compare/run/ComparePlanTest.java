package dev.thrum.measure.compare.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.compare.Figure;
import dev.thrum.measure.compare.Goal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparePlanTest {
    @Test
    void quickComparison_ofThreeEngines_takesAtMostFiveMinutes() {
        ComparePlan quick = new ComparePlan(
                ComparePlan.QUICK_ROUNDS,
                ComparePlan.Times.QUICK,
                new Goal(Figure.LATENCY_P99, 50),
                64,
                List.of(16, 128),
                500,
                0,
                ComparePlan.JVM,
                1);

        assertThat(quick.longest(3)).isLessThanOrEqualTo(Duration.ofMinutes(5));
    }
}
