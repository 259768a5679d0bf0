package dev.thrum.testkit;

import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.RestPolicy;

final class ThreadsRestTest implements RestContract {
    private static final int WORKERS = 4;
    private static final int LINE = 1_000;

    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(Engine.threads(WORKERS, LINE, RestPolicy.AT_ONCE));
    }

    @Override
    public boolean restsAtOnce() {
        return true;
    }
}
