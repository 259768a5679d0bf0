package dev.thrum.simulation.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Plain search knows nothing of which steps are independent, so the other searches must find the same outcomes as it does, on
 * programs that nobody has thought about.
 */
class ThreeSearchesTest {
    private static final int PROGRAMS = Boolean.getBoolean("thrum.soak") ? 4_000 : 1_000;

    /** Programs with more schedules than this are left out. */
    private static final long MOST = 4_000;

    @Test
    void threeSearches_findTheSameOutcomes_ofGeneratedPrograms() {
        agree(Timeouts.BY_CLOCK, 1);
    }

    @Test
    void threeSearches_findTheSameOutcomes_whenTimeoutsComeAtAnyMoment() {
        agree(Timeouts.ANY, 1_000_000);
    }

    private static void agree(Timeouts timeouts, long firstSeed) {
        Explorer explorer = Explorer.of(GeneratedProgram.class, 0L)
                .withTimeouts(timeouts)
                .withFindings(Integer.MAX_VALUE)
                .withSteps(300)
                .withBudget(MOST, Duration.ofMinutes(1));
        long compared = 0;
        for (long seed = firstSeed; compared < PROGRAMS; seed++) {
            Explorer one = explorer.withArguments(seed);
            ExplorationReport plain = one.withSearch(Search.plain()).explore();
            if (!plain.exhausted()) {
                continue;
            }
            ExplorationReport asleep = one.withSearch(Search.sleepSets()).explore();
            ExplorationReport systematic = one.withSearch(Search.systematic()).explore();
            String program = "seed " + seed + ": " + new GeneratedProgram(seed);

            assertThat(asleep.outcomes().keySet())
                    .as("sleep sets, " + program)
                    .isEqualTo(plain.outcomes().keySet());
            assertThat(systematic.outcomes().keySet())
                    .as("source sets, " + program)
                    .isEqualTo(plain.outcomes().keySet());
            // Runs that are cut have no end that could be the same.
            if (!plain.outcomes().containsKey("goes on for ever")) {
                assertThat(systematic.schedules()).as("schedules, " + program).isEqualTo(asleep.schedules());
            }
            compared++;
        }
    }
}
