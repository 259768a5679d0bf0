package dev.thrum.http;

import dev.thrum.netty.EventEngine;
import dev.thrum.netty.EventOptions;
import dev.thrum.netty.Transport;
import org.junit.jupiter.api.Assumptions;

final class IoUringCutTest implements CutContract {
    @Override
    public void play(Play play) throws Exception {
        Transport.IO_URING.problem().ifPresent(problem -> Assumptions.abort("not here: " + problem));
        CutContract.playReal(EventEngine.open(EventOptions.defaults().withTransport(Transport.IO_URING)), play);
    }
}
