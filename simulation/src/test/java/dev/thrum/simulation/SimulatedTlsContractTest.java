package dev.thrum.simulation;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.testkit.EncryptedBackend;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.tls.Tls;
import dev.thrum.tls.TlsClient;
import dev.thrum.tls.TlsConfigException;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract over TLS on the simulated engine; on a network that cuts, each record arrives in pieces. */
@ParameterizedClass
@MethodSource("seeds")
final class SimulatedTlsContractTest implements EngineContract {
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 30 : 2;
    private static final int CROWD = 50;

    private final long seed;

    SimulatedTlsContractTest(long seed) {
        this.seed = seed;
    }

    static LongStream seeds() {
        return SimulatedEngine.seeds(SEEDS);
    }

    @Override
    public EngineUnderTest engineUnderTest() {
        return new SimulatedEngine(
                seed, SimulatedEngineContractTest.faults(seed), RestPolicy.WHEN_IDLE, this::encrypted);
    }

    private Engine encrypted(Engine plain) {
        SeededSecureRandom random = new SeededSecureRandom(seed);
        Clock clock = plain.clock();
        try {
            Tls server = Tls.server()
                    .deterministic(random, clock)
                    .selfSigned(List.of("localhost"))
                    .build();
            TlsClient client =
                    TlsClient.builder().insecure().deterministic(random, clock).to("localhost");
            return EncryptedBackend.over(plain, server, client);
        } catch (TlsConfigException e) {
            throw new AssertionError("expected TLS without files", e);
        }
    }

    @Override
    public int crowd() {
        return CROWD;
    }
}
