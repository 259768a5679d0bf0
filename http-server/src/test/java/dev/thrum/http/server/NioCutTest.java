package dev.thrum.http.server;

import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import org.junit.jupiter.api.Assumptions;

final class NioCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        TransportKind.NIO.problem().ifPresent(problem -> Assumptions.abort("not here: " + problem));
        CutContract.playReal(EventEngine.open(EventOptions.defaults().withTransport(TransportKind.NIO)), play);
    }
}
