package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Trial;
import org.junit.jupiter.api.Test;

class WebSimulationTest {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 5_000 : 1_000;

    @Test
    void responsesAreRight_whenTheNetworkFragmentsDelaysAndStalls_forEverySeed() {
        assertThat(trial(WebScenario.class).withFaults(Faults.harmless()).check(SEEDS))
                .isPositive();
    }

    @Test
    void completeResponsesAreRight_whenTheNetworkResetsAndHalfCloses_forEverySeed() {
        assertThat(trial(WebScenario.Lossy.class).withFaults(Faults.harmful()).check(SEEDS))
                .isPositive();
    }

    private static Trial trial(Class<? extends Scenario> scenario) {
        return Trial.of(scenario, "tools.jackson.", "com.fasterxml.jackson.", "dev.thrum.http.")
                .withRepeat(seed -> "./thrum test --only WebSimulationTest --seed " + seed);
    }
}
