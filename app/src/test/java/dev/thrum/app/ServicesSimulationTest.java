package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Trial;
import org.junit.jupiter.api.Test;

class ServicesSimulationTest {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 20_000 : 1_000;

    @Test
    void repliesAreExact_whenTheNetworkFragmentsDelaysAndStalls_forEverySeed() {
        assertThat(trial(ServicesScenario.class).withFaults(Faults.harmless()).check(SEEDS))
                .isPositive();
    }

    @Test
    void repliesAreExactUpToTheirEnd_whenTheNetworkResetsAndHalfCloses_forEverySeed() {
        assertThat(trial(ServicesScenario.Lossy.class)
                        .withFaults(Faults.harmful())
                        .check(SEEDS))
                .isPositive();
    }

    @Test
    void runIsTheSame_whenTheSeedIsTheSame() {
        Trial trial =
                trial(ServicesScenario.Lossy.class).withFaults(Faults.harmful()).withTrace();

        assertThat(trial.run(4).trace())
                .hasLineCount(Math.toIntExact(trial.run(4).events()));
        assertThat(trial.run(4)).isEqualTo(trial.run(4)).isNotEqualTo(trial.run(5));
    }

    private static Trial trial(Class<? extends Scenario> scenario) {
        return Trial.of(scenario).withRepeat(seed -> "./thrum test --only ServicesSimulationTest --seed " + seed);
    }
}
