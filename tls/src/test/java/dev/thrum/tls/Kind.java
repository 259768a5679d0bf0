package dev.thrum.tls;

import dev.thrum.engine.Engine;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import org.junit.jupiter.api.Assumptions;

/** The engines of real sockets, and one of them with the other provider of TLS. */
enum Kind {
    THREADS,
    VIRTUAL,
    EPOLL,
    IO_URING,
    NIO,
    VIRTUAL_OPENSSL;

    TlsProvider provider() {
        return this == VIRTUAL_OPENSSL ? TlsProvider.OPENSSL : TlsProvider.JDK;
    }

    /** Opens one; skips the test if this system does not have its transport. */
    Engine open() {
        return switch (this) {
            case THREADS -> Engine.threads(16, 16);
            case VIRTUAL, VIRTUAL_OPENSSL -> Engine.virtual();
            case EPOLL -> events(TransportKind.EPOLL);
            case IO_URING -> events(TransportKind.IO_URING);
            case NIO -> events(TransportKind.NIO);
        };
    }

    private static Engine events(TransportKind transport) {
        transport.problem().ifPresent(problem -> Assumptions.abort("no " + transport + " here: " + problem));
        return EventEngine.open(EventOptions.defaults().withTransport(transport));
    }
}
