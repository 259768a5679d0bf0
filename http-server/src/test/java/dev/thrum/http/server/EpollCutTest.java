package dev.thrum.http.server;

import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import org.junit.jupiter.api.Assumptions;

final class EpollCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        TransportKind.EPOLL.problem().ifPresent(problem -> Assumptions.abort("not here: " + problem));
        CutContract.playReal(EventEngine.open(EventOptions.defaults().withTransport(TransportKind.EPOLL)), play);
    }
}
