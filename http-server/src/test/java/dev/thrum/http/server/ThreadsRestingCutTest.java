package dev.thrum.http.server;

import dev.thrum.engine.Engine;
import dev.thrum.engine.spi.RestPolicy;

final class ThreadsRestingCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        CutContract.playReal(Engine.threads(4, 16, RestPolicy.AT_ONCE), play);
    }
}
