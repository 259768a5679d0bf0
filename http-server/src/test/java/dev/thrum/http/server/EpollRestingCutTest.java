package dev.thrum.http.server;

final class EpollRestingCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        CutContract.playReal(World.open("EPOLL, resting"), play);
    }
}
