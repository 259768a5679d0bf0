package dev.thrum.measure.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.load.LoadResult.Costs;
import org.junit.jupiter.api.Test;

class LoadResultTest {
    private static final Usage USED = new Usage(2_000_000, 4_000_000, 100, 5, 1_000, 2_000, 3_000);

    @Test
    void costs_areSharesOfTheWindow() {
        assertThat(Costs.of(USED, 10_000_000, 2)).isEqualTo(new Costs(0.004, 0.2, 0.2, 0.05, 0.1, 0.2, 0.3));
    }

    /** The readings at its two ends take some time themselves. */
    @Test
    void costs_ofAWindowThatWasStoppedBeforeItBegan_areZero() {
        assertThat(Costs.of(USED, 0, 2)).isEqualTo(new Costs(0, 0, 0, 0, 0, 0, 0));
    }
}
