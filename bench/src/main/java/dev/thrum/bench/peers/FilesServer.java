package dev.thrum.bench.peers;

import dev.thrum.engine.Engine;
import dev.thrum.events.TransportKind;
import dev.thrum.http.Gzip;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.files.FilesConfig;
import dev.thrum.http.files.StaticFiles;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import java.io.IOException;
import java.nio.file.Path;

/** The main class of a process that serves a folder as {@code thrum files} does; it exits at the end of its input. */
public final class FilesServer {
    private FilesServer() {}

    /** Arguments: {@code events}, {@code events-io_uring} or {@code virtual}, the folder, and the number of connections. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(start(arguments[0], Path.of(arguments[1]), Integer.parseInt(arguments[2])));
        while (System.in.read() >= 0) {
            // It takes no commands.
        }
        Runtime.getRuntime().halt(0);
    }

    private static String start(String name, Path folder, int connections) {
        try {
            Engine engine = engine(name).open(connections);
            HttpHandler files = StaticFiles.of(folder, "/", FilesConfig.defaults(), engine.clock())
                    .behind(new Gzip());
            // Its threads keep it reachable.
            Endpoint server = Engines.serve(engine, HttpServer.over(files, HttpConfig.defaults()), connections);
            return "ready " + server.port();
        } catch (IOException | RuntimeException e) {
            return "failed expected to start but " + e;
        }
    }

    private static Engines.Starter engine(String name) {
        return switch (name) {
            case "events" -> Engines.events(TransportKind.EPOLL);
            case "events-io_uring" -> Engines.events(TransportKind.IO_URING);
            default -> Engines.virtual();
        };
    }
}
