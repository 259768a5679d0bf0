package dev.thrum.tls;

import dev.thrum.engine.Engine;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "thrum.soak", matches = "true")
final class TlsThreadsContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.realEncrypted(Encrypted.over(Engine.threads(crowd(), crowd())));
    }

    @Override
    public int crowd() {
        return 400;
    }

    @Override
    public int outgoing() {
        return crowd() / 2;
    }
}
