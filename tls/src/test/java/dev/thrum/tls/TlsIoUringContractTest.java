package dev.thrum.tls;

import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@EnabledIfSystemProperty(named = "thrum.soak", matches = "true")
final class TlsIoUringContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.realEncrypted(
                Encrypted.over(EventEngine.open(EventOptions.defaults().withTransport(TransportKind.IO_URING))));
    }

    @Override
    public int crowd() {
        return 400;
    }
}
