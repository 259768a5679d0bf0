package dev.thrum.events;

import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;

final class NioContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(
                EventEngine.open(Available.here(EventOptions.defaults().withTransport(TransportKind.NIO))));
    }
}
