package dev.thrum.simulated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.TestExecutionResult.Status.FAILED;
import static org.junit.platform.engine.TestExecutionResult.Status.SUCCESSFUL;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.line.LineFormat;
import dev.thrum.line.Lines;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.SimulationFailure;
import dev.thrum.simulation.junit.NetworkFaults;
import dev.thrum.simulation.junit.SimulationTest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples here are tests that this test runs. */
// Some are wrong on purpose.
@SuppressWarnings({"JUnitMalformedDeclaration", "unused"})
class SimulationTestTest {
    static class Sleeps {
        private static int runs;
        private long begin;

        @BeforeEach
        void begin() {
            begin = System.nanoTime();
        }

        @SimulationTest(seeds = 3)
        void anHour_takesNoTime(Simulation world) throws InterruptedException {
            runs++;
            Thread.sleep(Duration.ofHours(1));
            assertThat(System.nanoTime() - begin).isEqualTo(Duration.ofHours(1).toNanos());
            assertThat(world.clock().nanoTime()).isGreaterThan(0);
            assertThat(runs).isOne();
        }
    }

    @Test
    void test_runsInASimulation_withClassesThatAreNewForEachSeed() {
        Ran ran = Ran.of(Sleeps.class);

        assertThat(ran.results())
                .singleElement()
                .satisfies(result -> assertThat(result.getThrowable()).isEmpty());
        assertThat(ran.entries()).containsExactly(Map.of("seeds", "3"));
        assertThat(Sleeps.runs).isZero();
    }

    static class FailsWithSomeSeeds {
        @SimulationTest(seeds = 100)
        void numberIsSmall(Simulation world) {
            assertThat(world.random().nextInt(10)).isLessThan(9);
        }
    }

    @Test
    void failure_namesTheSeed_andHowToRepeatIt() {
        Ran ran = Ran.of(FailsWithSomeSeeds.class);
        long seed = ((SimulationFailure) ran.thrown()).seed();

        assertThat(ran.message())
                .startsWith("seed " + seed + " fails: ")
                .contains("repeat it with: @SimulationTest(only = " + seed + "), or\n"
                        + "  mvn test -Dtest='dev.thrum.simulated.junit.SimulationTestTest$FailsWithSomeSeeds#numberIsSmall'"
                        + " -Dthrum.seed=" + seed);

        Ran again = Ran.with("thrum.seed", String.valueOf(seed), FailsWithSomeSeeds.class);
        assertThat(again.message()).isEqualTo(ran.message());
        assertThat(Ran.with("thrum.seed", String.valueOf(seed - 1), FailsWithSomeSeeds.class)
                        .status())
                .isEqualTo(seed == 1 ? FAILED : SUCCESSFUL);
    }

    static class OnlyTwo {
        @SimulationTest(only = {7, 4711})
        void seedIsSmall(Simulation world) {
            assertThat(world.seed()).isEqualTo(7);
        }
    }

    @Test
    void only_runsTheseSeeds() {
        assertThat(((SimulationFailure) Ran.of(OnlyTwo.class).thrown()).seed()).isEqualTo(4711);
    }

    /** Asks an echo for an answer that does not fit into a segment. */
    abstract static class Asks {
        private static final String LINE = "a".repeat(5_000);

        void ask(Simulation world) throws Exception {
            Server server = world.engine()
                    .listen(
                            new InetSocketAddress("localhost", 0),
                            Lines.of(
                                    LineFormat.lf(),
                                    session ->
                                            session.writeLine(session.readLine().orElseThrow())),
                            Limits.defaults());
            try (Connection connection = world.engine().connect(server.address(), Duration.ofSeconds(5))) {
                connection.writer().write(LINE + "\n");
                assertThat(connection.reader().readLine(10_000)).contains(LINE);
            }
        }
    }

    static class AsksWhenNothingIsLost extends Asks {
        @SimulationTest(seeds = 50, faults = NetworkFaults.HARMLESS)
        void isAnswered(Simulation world) throws Exception {
            ask(world);
        }
    }

    static class AsksWhenConnectionsBreak extends Asks {
        @SimulationTest(seeds = 50, faults = NetworkFaults.HARMFUL)
        void isAnswered(Simulation world) throws Exception {
            ask(world);
        }
    }

    @Test
    void faults_areThoseOfTheNetwork() {
        assertThat(Ran.of(AsksWhenNothingIsLost.class).status()).isEqualTo(SUCCESSFUL);
        assertThat(Ran.of(AsksWhenConnectionsBreak.class).status()).isEqualTo(FAILED);
    }

    static class Throws {
        @SimulationTest
        void threadThrows(Simulation world) throws Exception {
            Thread.ofVirtual()
                    .start(() -> {
                        throw new IllegalStateException("as planned");
                    })
                    .join();
        }
    }

    static class ThrowsAsPlanned extends Throws {
        @Override
        @SimulationTest(tolerating = IllegalStateException.class)
        void threadThrows(Simulation world) throws Exception {
            super.threadThrows(world);
        }
    }

    @Test
    void tolerating_ignoresWhatThreadsThrow() {
        assertThat(Ran.of(Throws.class).message()).contains("as planned");
        assertThat(Ran.of(ThrowsAsPlanned.class).status()).isEqualTo(SUCCESSFUL);
    }

    static class WithoutParameter {
        @SimulationTest
        void runs() {}
    }

    static class WithoutSeeds {
        @SimulationTest(seeds = 0)
        void runs(Simulation world) {}
    }

    @Test
    void badInput_hasOneClearLine() {
        assertThat(Ran.of(WithoutParameter.class).message())
                .startsWith("expected runs of ")
                .endsWith("to have one parameter, a Simulation");
        assertThat(Ran.of(WithoutSeeds.class).message()).isEqualTo("expected at least 1 seed but was 0");
    }
}
