package dev.thrum.events;

import dev.thrum.base.SystemClock;
import dev.thrum.engine.Engine;
import dev.thrum.testkit.EngineContract;
import dev.thrum.testkit.EngineUnderTest;

/** As before Linux 6.17, where a receive that goes on can't be told when to end: each brings one arrival. */
final class IoUringOnceContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        EventOptions options = Available.here(EventOptions.defaults().withTransport(TransportKind.IO_URING));
        SystemClock clock = new SystemClock("events");
        LingeringCloses lingering = new LingeringCloses();
        RingTransport once = new RingTransport(lingering, clock, options.resting(), 0);
        return EngineUnderTest.real(new Engine(new LoopBackend<>(once, options, clock, lingering)));
    }
}
