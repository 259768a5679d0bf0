package dev.thrum.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Report;
import dev.thrum.simulation.Scenario;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * In a package of its own, like a user's code, because the simulation's own classes are not loaded again for each run.
 */
class TimeInsideTest {
    @Test
    void time_isVirtual_whenAScenarioClassGetsItFromTheJdk() {
        Report report = Trial.of(UsesTimeOfTheJdk.class).run(7);

        assertThat(Duration.ofNanos(report.virtualNanos())).isBetween(Duration.ofHours(2), Duration.ofHours(3));
    }

    /** Loaded by the trial, so every time below must be the simulation's. */
    static final class UsesTimeOfTheJdk implements Scenario {
        @Override
        public void run(Simulation world) throws Exception {
            long began = System.nanoTime();
            long millis = System.currentTimeMillis();
            LongSupplier reference = System::nanoTime;
            Thread.sleep(Duration.ofMinutes(30));
            Thread.sleep(1_800_000);
            Thread.sleep(1_800_000, 1);
            TimeUnit.MINUTES.sleep(30);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofHours(2), SLACK);
            assertThat(System.currentTimeMillis() - millis).isEqualTo(7_200_000);
            assertThat(reference.getAsLong()).isEqualTo(world.clock().nanoTime());
            assertThat(Instant.now()).isEqualTo(world.clock().instant());
            assertThat(LocalDate.now(ZoneOffset.UTC).getYear()).isEqualTo(2030);
            assertThat(ZonedDateTime.now(ZoneOffset.UTC).toInstant()).isEqualTo(Instant.now());
            assertThat(java.time.Clock.systemUTC().instant()).isEqualTo(Instant.now());
            assertThat(InstantSource.system().instant()).isEqualTo(Instant.now());
        }

        private static final Duration SLACK = Duration.ofHours(2).plusSeconds(1);
    }
}
