package dev.thrum.http.server;

import dev.thrum.engine.Engine;

final class VirtualCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        CutContract.playReal(Engine.virtual(), play);
    }
}
