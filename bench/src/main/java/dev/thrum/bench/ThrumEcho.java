package dev.thrum.bench;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Line echo on an engine of Thrum, in both styles. */
final class ThrumEcho {
    /** Places beyond the connections measured: the last ones may not have ended yet. */
    private static final int SPARE = 1_024;

    private ThrumEcho() {}

    static EchoServer straight(Engine engine, int connections) throws IOException {
        return serve(engine, Lines.straight(LineFormat.lf(), ThrumEcho::converse), connections);
    }

    static EchoServer callbacks(Engine engine, int connections) throws IOException {
        LineHandler handler = (session, line) -> session.writeLine(EchoServer.PREFIX + line);
        return serve(engine, Lines.callbacks(LineFormat.lf(), () -> handler), connections);
    }

    private static void converse(LineSession session) throws IOException {
        Optional<String> line = session.readLine();
        while (line.isPresent()) {
            session.writeLine(EchoServer.PREFIX + line.get());
            line = session.readLine();
        }
    }

    private static EchoServer serve(Engine engine, ConnectionHandler handler, int connections) throws IOException {
        int places = connections + SPARE;
        Limits limits = Limits.defaults().withMaxConnections(places).withMaxPerPeer(places);
        Server server = engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), handler, limits);
        return new EchoServer(server.address().getPort(), engine::close);
    }
}
