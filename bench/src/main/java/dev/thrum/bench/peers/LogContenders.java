package dev.thrum.bench.peers;

import dev.thrum.base.Clock;
import dev.thrum.engine.Engine;
import dev.thrum.events.TransportKind;
import dev.thrum.http.server.ExchangeLog;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.log.LogFile;
import dev.thrum.log.LogFormat;
import dev.thrum.log.RequestLog;
import dev.thrum.log.Rotation;
import dev.thrum.log.WhenFull;
import dev.thrum.services.web.RequestRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;

/** Thrum's HTTP server with a request log and without one, in the order of the tables. */
public final class LogContenders {
    private static final int CAPACITY = 8_192;

    /**
     * Old files are deleted, so that the disk doesn't fill; and they aren't compressed, which can be done on other
     * cores.
     */
    private static final Rotation DELETED = new Rotation(256 << 20, false, 0);

    /** The default of the program: rotated files are compressed, here on the same core. */
    private static final Rotation COMPRESSED = new Rotation(100 << 20, true, 1);

    private static final List<Contender> ALL = List.of(
            new Contender("off", connections -> start(connections, _ -> ExchangeLog.NOBODY)),
            new Contender("off-again", connections -> start(connections, _ -> ExchangeLog.NOBODY)),
            logged("json", LogFormat.JSON, WhenFull.WAIT, DELETED),
            logged("json-drop", LogFormat.JSON, WhenFull.DROP, DELETED),
            logged("json-compressed", LogFormat.JSON, WhenFull.WAIT, COMPRESSED),
            logged("common", LogFormat.COMMON, WhenFull.WAIT, DELETED));

    private LogContenders() {}

    public static List<Contender> all() {
        return ALL;
    }

    /** Opens a log that takes the time from this clock. */
    @FunctionalInterface
    private interface Opening {
        ExchangeLog open(Clock clock) throws IOException;
    }

    private static Contender logged(String name, LogFormat format, WhenFull whenFull, Rotation rotation) {
        return new Contender(name, connections -> start(connections, clock -> open(format, whenFull, rotation, clock)));
    }

    private static Endpoint start(int connections, Opening log) throws IOException {
        Engine engine = Engines.events(TransportKind.EPOLL).open(connections);
        HttpConfig config = HttpConfig.defaults().withIds("k3f9x2ab-").withLog(log.open(engine.clock()));
        return ThrumHttp.start(engine, config, connections);
    }

    private static ExchangeLog open(LogFormat format, WhenFull whenFull, Rotation rotation, Clock clock)
            throws IOException {
        // In the checkout, on a disk; the temporary folder of the system may be in memory.
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "log");
        Path file = folder.resolve("requests.log");
        LogFile sink = LogFile.open(file, format, rotation, clock, ZoneId.systemDefault());
        return new RequestRecorder(RequestLog.open(sink, clock, CAPACITY, whenFull), clock);
    }
}
