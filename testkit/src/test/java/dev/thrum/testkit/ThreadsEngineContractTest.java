package dev.thrum.testkit;

import dev.thrum.engine.Engine;

final class ThreadsEngineContractTest implements EngineContract {
    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(Engine.threads(crowd(), crowd()));
    }

    /** Each conversation here takes two workers, one on each side. */
    @Override
    public int outgoing() {
        return crowd() / 2;
    }
}
