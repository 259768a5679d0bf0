package dev.thrum.http.server;

import dev.thrum.engine.Engine;

final class ThreadsCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        CutContract.playReal(Engine.threads(4, 16), play);
    }
}
