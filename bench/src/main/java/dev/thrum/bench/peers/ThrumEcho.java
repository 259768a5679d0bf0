package dev.thrum.bench.peers;

import dev.thrum.bench.load.LineDialogue;
import dev.thrum.engine.Engine;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.util.Optional;

/** Line echo on an engine of Thrum, in both styles. */
final class ThrumEcho {
    private ThrumEcho() {}

    static Endpoint straight(Engine engine, int connections) throws IOException {
        return Engines.serve(engine, Lines.of(LineFormat.lf(), ThrumEcho::converse), connections);
    }

    static Endpoint callbacks(Engine engine, int connections) throws IOException {
        LineHandler handler = (session, line) -> session.writeLine(LineDialogue.PREFIX + line);
        return Engines.serve(engine, Lines.callbacks(LineFormat.lf(), () -> handler), connections);
    }

    private static void converse(LineSession session) throws IOException {
        Optional<String> line = session.readLine();
        while (line.isPresent()) {
            session.writeLine(LineDialogue.PREFIX + line.get());
            line = session.readLine();
        }
    }
}
