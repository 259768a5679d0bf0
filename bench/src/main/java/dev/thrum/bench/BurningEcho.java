package dev.thrum.bench;

import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.Lines;
import dev.thrum.measure.compare.run.ArmServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The main class of a server that sends each line back, and uses some CPU time more for it. */
final class BurningEcho {
    private static final int WORKERS = 200;
    private static final int WAITING = 10_000;

    private BurningEcho() {}

    /** Arguments: the name of the engine, and the nanoseconds that each line costs more. */
    public static void main(String[] arguments) throws IOException {
        ArmServer arm = ArmServer.begin();
        Engine engine = engine(arguments[0]);
        long nanos = Long.parseLong(arguments[1]);
        Limits usual = Limits.defaults();
        // Its threads keep it reachable.
        Server server = engine.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Lines.callbacks(LineFormat.lf(), () -> (LineHandler) (session, line) -> {
                    burn(nanos);
                    session.writeLine(line);
                }),
                usual.withMaxPerPeer(usual.maxConnections()));
        arm.serve(server.address().getPort(), arguments[0].equals("events") ? engine::lag : null);
    }

    private static Engine engine(String name) {
        return switch (name) {
            case "threads" -> Engine.threads(WORKERS, WAITING);
            case "virtual" -> Engine.virtual();
            default -> EventEngine.open(EventOptions.defaults());
        };
    }

    private static void burn(long nanos) {
        if (nanos > 0) {
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        }
    }
}
