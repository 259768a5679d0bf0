package dev.thrum.bench.peers;

import dev.thrum.bench.load.BroadcastLines;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits.Deadlines;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineGroup;
import dev.thrum.line.LineSession;
import dev.thrum.line.Lines;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Broadcasts to a {@link LineGroup}, from straight-line code. */
final class ThrumPush {
    /** Longer than a measurement, in which receivers send nothing. */
    private static final Duration IDLE = Duration.ofHours(12);

    private final LineGroup receivers = new LineGroup(LineFormat.lf());

    private ThrumPush() {}

    static Endpoint start(Engine engine, int connections) throws IOException {
        ThrumPush push = new ThrumPush();
        return Engines.serve(
                engine,
                Lines.of(LineFormat.lf(), push::converse),
                connections,
                Deadlines.defaults().withIdle(IDLE));
    }

    private void converse(LineSession session) throws IOException {
        Optional<String> line = session.readLine();
        while (line.isPresent()) {
            obey(session, line.get());
            line = session.readLine();
        }
    }

    private void obey(LineSession session, String command) throws IOException {
        switch (command) {
            case BroadcastLines.JOIN -> {
                var _ = receivers.join(session);
                session.writeLine(BroadcastLines.JOINED);
            }
            case BroadcastLines.LEAVE -> {
                var _ = receivers.leave(session);
                session.writeLine(BroadcastLines.LEFT);
            }
            default -> BroadcastLines.asked(command).forEach(receivers::broadcast);
        }
    }
}
