package dev.thrum.testkit;

import dev.thrum.engine.Engine;

final class VirtualEngineContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(Engine.virtual());
    }
}
