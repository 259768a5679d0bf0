package dev.thrum.simulation;

import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract on the simulated engine, with several schedules: on a network without faults, and on one that fragments
 * and delays.
 */
@ParameterizedClass
@MethodSource("seeds")
final class SimulatedEngineContractTest implements EngineContract {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 100 : 5;
    private static final int CROWD = 200;

    private static final Faults FRAGMENTING = (connection, direction, random) ->
            LinkFaults.none().withSegments(1, 7_000).withDelays(Duration.ofNanos(1_000), Duration.ofMillis(3));

    private final long seed;

    SimulatedEngineContractTest(long seed) {
        this.seed = seed;
    }

    static LongStream seeds() {
        return SimulatedEngine.seeds(SEEDS);
    }

    @Override
    public EngineUnderTest engineUnderTest() {
        return new SimulatedEngine(seed, faults(seed), RestPolicy.WHEN_IDLE);
    }

    static Faults faults(long seed) {
        return seed % 2 == 0 ? FRAGMENTING : Faults.none();
    }

    @Override
    public int crowd() {
        return CROWD;
    }
}
