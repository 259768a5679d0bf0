package dev.thrum.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.simulation.Report;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.SimulationFailure;
import dev.thrum.simulation.Trial;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipelines on the virtual clock, with failures, late queues, pauses and stops, under many seeds. */
class PipelineSimulationTest {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 5_000 : 60;

    /** Within so many seeds a bug must be found; a run ends with the first that finds it. */
    private static final int MOST_SEEDS = 200;

    @ParameterizedTest
    @ValueSource(
            classes = {PipelineScenarios.Cycle.class, PipelineScenarios.Pauses.class, PipelineScenarios.Stop.class})
    void crawl_underEverySeed_isCompleteAndEndsExactly(Class<? extends Scenario> scenario) {
        assertThat(Trial.of(scenario).check(SEEDS)).isPositive();
    }

    @Test
    void run_withTheSameSeed_isTheSame() {
        Trial trial = Trial.of(PipelineScenarios.Cycle.class).withTrace();

        Report first = trial.run(4711);

        assertThat(trial.run(4711)).isEqualTo(first);
    }

    /** A test that can't fail is a defect: each of these bugs, planted in a copy, must be found. */
    @ParameterizedTest
    @Timeout(60)
    @CsvSource({
        "A_CHILD_IS_REGISTERED_AFTER_ITS_PARENT_IS_DONE, Cycle",
        "A_RETRY_THAT_IS_DUE_WAKES_NOBODY, Cycle",
        "A_KEY_IS_NEVER_RELEASED, Cycle",
        "NOBODY_IS_TOLD_OF_THE_END_OF_A_PAUSE, Pauses",
        "A_RETRY_BEGINS_IN_A_PAUSE, Pauses",
        "A_STOP_FORGETS_WHAT_WAS_SENT_MEANWHILE, Stop"
    })
    void bug_plantedInACopy_isFound(PlantedBug bug, String scenario, @TempDir Path folder) throws IOException {
        Class<? extends Scenario> broken = bug.in("dev.thrum.pipeline.PipelineScenarios$" + scenario, folder);

        assertThatThrownBy(() -> Trial.of(broken).check(MOST_SEEDS)).isInstanceOf(SimulationFailure.class);
    }
}
