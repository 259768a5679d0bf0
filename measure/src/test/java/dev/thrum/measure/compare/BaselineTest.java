package dev.thrum.measure.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A comparison against an earlier one. */
final class BaselineTest {
    private static final List<LoadPoint> POINTS = List.of(Planted.SATURATION, new LoadPoint("70 %", 700, 64, true));

    private static Comparison measured(long seed, double all, double noise) {
        return new Planted(seed, 8, POINTS, "a", "b").comparison((_, _) -> all, Planted.normal(noise));
    }

    @Test
    void changes_areBetterSameOrWorse() {
        Comparison old = measured(1, 1, 0.005);

        assertThat(Baseline.of(Analysis.of(measured(2, 1.1, 0.005)), old).changes())
                .hasSize(6)
                .allMatch(change -> change.outcome() == Outcome.BETTER);
        assertThat(Baseline.of(Analysis.of(measured(5, 1, 0.005)), old).changes())
                .allMatch(change -> change.outcome() == Outcome.SAME);
        assertThat(Baseline.of(Analysis.of(measured(4, 0.9, 0.005)), old).changes())
                .allMatch(change -> change.outcome() == Outcome.WORSE);
    }

    @Test
    void changes_areFalseInAtMostOneOfTwentyComparisons() {
        int wrong = 0;
        for (int experiment = 0; experiment < 1_000; experiment++) {
            Comparison old = measured(2L * experiment, 1, 0.03);
            boolean isWrong = Baseline.of(Analysis.of(measured(2L * experiment + 1, 1, 0.03)), old).changes().stream()
                    .anyMatch(change -> change.outcome() == Outcome.BETTER || change.outcome() == Outcome.WORSE);
            wrong += isWrong ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo(50);
    }

    @Test
    void otherLoads_areNotCompared() {
        Comparison old = new Planted(1, 8, List.of(new LoadPoint("70 %", 900, 64, true)), "a", "b")
                .comparison((_, _) -> 1, Planted.normal(0.005));

        assertThat(Baseline.of(Analysis.of(measured(2, 1, 0.005)), old).changes())
                .isEmpty();
    }

    @Test
    void comparisonsWithAFault_tellNothing() {
        Comparison broken = new Planted(1, 8, POINTS, "a", "b")
                .comparison((arm, _) -> arm.equals("a again") ? 1.2 : 1, Planted.normal(0.005));
        Baseline baseline = Baseline.of(Analysis.of(measured(2, 1.5, 0.005)), broken);

        assertThat(baseline.blockers()).first().asString().startsWith("in the baseline the two copies of a differ");
        assertThat(baseline.changes()).isNotEmpty().allMatch(change -> change.outcome() == Outcome.CANNOT_TELL);
    }

    @Test
    void anotherMachineJdkOrWorkload_isRefused() {
        Comparison old = measured(1, 1, 0.01);
        Conditions here = old.conditions();
        Setup setup = old.setup();
        Baseline.check(here, setup, old);

        assertThatThrownBy(() -> Baseline.check(with(here, "Other model", here.jdk()), setup, old))
                .hasMessage(
                        "expected a baseline with the same CPU, which is Other model, but it was measured with Model:"
                                + " measure a new one here");
        assertThatThrownBy(() -> Baseline.check(with(here, here.cpu(), "VM 26"), setup, old))
                .hasMessageContaining("the same JDK, which is VM 26, but it was measured with VM 25");
        Setup other = new Setup("cpu", "quick", 5, setup.goal(), 4, 2, Map.of("backlog", "128"), "thrum compare cpu");
        assertThatThrownBy(() -> Baseline.check(here, other, old)).hasMessageContaining("the same workload");
    }

    private static Conditions with(Conditions old, String cpu, String jdk) {
        return new Conditions(
                old.started(), cpu, old.cpus(), old.memory(), old.kernel(), jdk, old.jvmOptions(), old.thrum());
    }
}
