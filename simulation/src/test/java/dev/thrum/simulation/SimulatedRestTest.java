package dev.thrum.simulation;

import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.testkit.RestContract;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocols in exchanges under many schedules: every second one rests after every wait, the others by chance. */
@ParameterizedClass
@MethodSource("seeds")
final class SimulatedRestTest implements RestContract {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 1_000 : 40;

    private final long seed;

    SimulatedRestTest(long seed) {
        this.seed = seed;
    }

    static LongStream seeds() {
        return SimulatedEngine.seeds(SEEDS);
    }

    @Override
    public EngineUnderTest engineUnderTest() {
        RestPolicy policy = restsAtOnce() ? RestPolicy.AT_ONCE : RestPolicy.WHEN_IDLE;
        return new SimulatedEngine(seed, SimulatedEngineContractTest.faults(seed / 2), policy);
    }

    @Override
    public boolean restsAtOnce() {
        return seed % 2 == 0;
    }
}
