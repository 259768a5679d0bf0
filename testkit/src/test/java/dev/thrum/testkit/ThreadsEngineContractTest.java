package dev.thrum.testkit;

import dev.thrum.engine.Engine;

final class ThreadsEngineContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(Engine.threads(crowd(), crowd()));
    }
}
