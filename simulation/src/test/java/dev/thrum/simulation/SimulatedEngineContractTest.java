package dev.thrum.simulation;

import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract on the simulated engine, under several schedules: over a clean network, and over one that chops. */
@ParameterizedClass
@MethodSource("seeds")
final class SimulatedEngineContractTest implements EngineContract {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 100 : 5;
    private static final int CROWD = 200;

    private static final Faults CHOPPING = (connection, direction, random) ->
            LinkFaults.none().withSegments(1, 7_000).withDelays(Duration.ofNanos(1_000), Duration.ofMillis(3));

    private final long seed;

    SimulatedEngineContractTest(long seed) {
        this.seed = seed;
    }

    static LongStream seeds() {
        Long only = Long.getLong("thrum.seed");
        return only == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(only);
    }

    @Override
    public EngineUnderTest engineUnderTest() {
        return new SimulatedEngine(seed, seed % 2 == 0 ? CHOPPING : Faults.none());
    }

    @Override
    public int crowd() {
        return CROWD;
    }
}
