package dev.thrum.bench.peers;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Limits.Deadlines;
import dev.thrum.engine.Server;
import dev.thrum.engine.spi.Encryption;
import dev.thrum.engine.spi.RestPolicy;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.events.TransportKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Thrum's engines, configured for measurements: the server has one core, so {@code events} has one loop. */
final class Engines {
    /**
     * Workers of engine {@code threads} beyond the connections measured: those of the last window may not have ended
     * yet.
     */
    private static final int SPARE_WORKERS = 512;

    /** Connections allowed beyond those measured, for the same reason. */
    private static final int SPARE_PLACES = 1_024;

    /** Opens an engine for this many connections. */
    @FunctionalInterface
    interface Starter {
        Engine open(int connections);
    }

    private Engines() {}

    static Starter events(TransportKind transport) {
        return events(transport, RestPolicy.WHEN_IDLE);
    }

    static Starter events(TransportKind transport, RestPolicy resting) {
        return _ -> EventEngine.open(
                EventOptions.defaults().withTransport(transport).withLoops(1).withResting(resting));
    }

    static Starter virtual() {
        return _ -> Engine.virtual();
    }

    static Starter threads() {
        return connections -> Engine.threads(connections + SPARE_WORKERS, 0);
    }

    /** With fewer workers than connections. */
    static Starter threads(int workers, int waiting) {
        return _ -> Engine.threads(workers, waiting);
    }

    /** Serves on this engine, with the default limits and deadlines, except for a higher limit of connections. */
    static Endpoint serve(Engine engine, ConnectionHandler handler, int connections) throws IOException {
        return serve(engine, handler, connections, Deadlines.defaults());
    }

    /** The same, with these deadlines. */
    static Endpoint serve(Engine engine, ConnectionHandler handler, int connections, Deadlines deadlines)
            throws IOException {
        Server server = engine.listen(anyPort(), handler, limits(connections).withDeadlines(deadlines));
        return new Endpoint(server.address().getPort(), engine::close);
    }

    /** The same with the default deadlines, over encrypted connections. */
    static Endpoint serve(Engine engine, ConnectionHandler handler, int connections, Encryption.Server encryption)
            throws IOException {
        Server server = engine.listen(anyPort(), handler, limits(connections), encryption);
        return new Endpoint(server.address().getPort(), engine::close);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Limits limits(int connections) {
        int places = connections + SPARE_PLACES;
        return Limits.defaults().withMaxConnections(places).withMaxPerPeer(places);
    }
}
