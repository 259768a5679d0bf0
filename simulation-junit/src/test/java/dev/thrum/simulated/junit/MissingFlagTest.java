package dev.thrum.simulated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.junit.Actor;
import dev.thrum.simulation.junit.ExploreTest;
import dev.thrum.simulation.junit.SimulationTest;
import dev.thrum.testkit.ChildJvm;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A JVM without the flag, as another project's first run has it. */
class MissingFlagTest {
    private static final String FLAG = "--add-opens=java.base/java.lang=ALL-UNNAMED";

    /** A test class as a user writes it, and a program that runs it. */
    static class OfAUser {
        private int count;

        @Actor(threads = 2)
        synchronized void increment() {
            count++;
        }

        @ExploreTest
        void noIncrementIsLost() {
            assertThat(count).isEqualTo(2);
        }

        @SimulationTest(seeds = 2)
        void runs(Simulation world) {
            world.note("runs");
        }

        public static void main(String[] arguments) {
            for (var result : Ran.of(OfAUser.class).results()) {
                System.out.println(result.getStatus() + " "
                        + result.getThrowable().map(Throwable::getMessage).orElse(""));
            }
        }
    }

    @Test
    void failure_namesTheLineThatIsMissing() throws IOException, InterruptedException {
        String printed = ChildJvm.run("true", OfAUser.class);

        assertThat(printed.lines().filter(line -> line.startsWith("FAILED "))).hasSize(2);
        assertThat(printed)
                .doesNotContain("SUCCESSFUL")
                .contains("add this line to the configuration of maven-surefire-plugin:\n  <argLine>" + FLAG
                        + "</argLine>\n");
    }

    @Test
    void tests_pass_withTheLine() throws IOException, InterruptedException {
        assertThat(ChildJvm.run("true", OfAUser.class, FLAG).lines())
                .filteredOn(line -> line.startsWith("SUCCESSFUL"))
                .hasSize(2);
    }
}
