package dev.thrum.measure.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Holm's correction. */
final class HolmTest {
    /** By hand: 0.01 x 4, then 0.02 x 3 = 0.06, then 0.03 x 2 is no less than that, then 0.9. */
    @Test
    void corrected_isComputedByHand_inTheOrderOfTheTests() {
        assertThat(Holm.corrected(List.of(0.9, 0.02, 0.01, 0.03))).containsExactly(0.9, 0.06, 0.04, 0.06);
    }

    @Test
    void corrected_isAtMostOne_andLeavesASingleTestAlone() {
        assertThat(Holm.corrected(List.of(0.6, 0.7))).containsExactly(1.0, 1.0);
        assertThat(Holm.corrected(List.of(0.04))).containsExactly(0.04);
        assertThat(Holm.corrected(List.of())).isEmpty();
    }
}
