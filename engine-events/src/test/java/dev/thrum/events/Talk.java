package dev.thrum.events;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Side;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Servers and clients on this host that talk to each other. */
final class Talk {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Talk() {}

    static Server listen(Engine engine, ConnectionHandler handler) throws IOException {
        return engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, Limits.defaults());
    }

    static Connection connect(Engine engine, Server server) throws IOException {
        return engine.connect(server.address(), PATIENCE);
    }

    /** Waits until a connection that a client has opened waits for this. */
    static void awaitServedWaitingFor(Engine engine, Waiting what) {
        while (engine.connections().stream().noneMatch(c -> c.side() == Side.SERVED && c.waitingFor() == what)) {
            Thread.onSpinWait();
        }
    }
}
