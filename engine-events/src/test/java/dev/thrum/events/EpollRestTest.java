package dev.thrum.events;

import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.testkit.EngineUnderTest;
import dev.thrum.testkit.RestContract;

final class EpollRestTest implements RestContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        EventOptions options = EventOptions.defaults().withTransport(TransportKind.EPOLL);
        return EngineUnderTest.real(EventEngine.open(Available.here(options).withResting(RestPolicy.AT_ONCE)));
    }

    @Override
    public boolean restsAtOnce() {
        return true;
    }
}
