package dev.thrum.tls;

import dev.thrum.engine.Engine;
import dev.thrum.testkit.EncryptedBackend;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The contract with one byte in each record. */
@EnabledIfSystemProperty(named = "thrum.soak", matches = "true")
final class SmallRecordsContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() throws TlsConfigException {
        Tls server = Tls.server().selfSigned(List.of("localhost")).recordSize(1).build();
        TlsClient client = TlsClient.builder().insecure().recordSize(1).to("localhost");
        return EngineUnderTest.realInSmallRecords(EncryptedBackend.over(Engine.virtual(), server, client));
    }

    @Override
    public int crowd() {
        return 50;
    }
}
