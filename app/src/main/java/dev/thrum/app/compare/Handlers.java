package dev.thrum.app.compare;

import dev.thrum.base.Clock;
import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.http.HttpHandler;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.files.FilesConfig;
import dev.thrum.http.files.StaticFiles;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.Router;
import dev.thrum.line.LineFormat;
import dev.thrum.line.LineHandler;
import dev.thrum.line.Lines;
import dev.thrum.measure.Libc;
import dev.thrum.store.Page;
import dev.thrum.store.StoreSchema;
import dev.thrum.store.User;
import dev.thrum.store.Users;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The handlers of the workloads: the same code on every engine. */
final class Handlers {
    /** The name of the file that is sent. */
    static final String FILE = "file.txt";

    private static final int FILE_BYTES = 8 * 1024;
    private static final int HASHED = 64 * 1024;
    private static final Duration WAIT = Duration.ofMillis(20);
    private static final String TEXT = "It is a quarter past nine.\n";
    private static final int TEN = 10;
    private static final int HUNDRED = 100;

    private Handlers() {}

    /**
     * The handler of a workload.
     *
     * @param folder for files and the database; the servers of a comparison share it
     * @param clock of the engine
     */
    static ConnectionHandler of(Workload workload, Path folder, Clock clock) throws IOException {
        return switch (workload) {
            case ECHO ->
                Lines.callbacks(LineFormat.lf(), () -> (LineHandler) (session, line) -> session.writeLine(line));
            case IO -> http(request -> waiting(request));
            case CPU -> http(_ -> computing());
            case MIXED -> http(mixed());
            case DB -> http(database(folder));
            case FILES -> http(files(folder, clock));
            case SLOW_CLIENTS -> http(_ -> Response.text(TEXT));
            case BLOCKING_HANDLER -> http(blocking());
        };
    }

    private static ConnectionHandler http(HttpHandler handler) {
        return HttpServer.over(handler, HttpConfig.defaults());
    }

    private static Response waiting(Request request) throws InterruptedException {
        request.clock().sleep(WAIT);
        return Response.text(TEXT);
    }

    private static Response computing() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(new byte[HASHED]);
        return Response.text(HexFormat.of().formatHex(hash));
    }

    private static HttpHandler mixed() {
        AtomicLong requests = new AtomicLong();
        return request -> switch ((int) (requests.getAndIncrement() % TEN)) {
            case 0 -> waiting(request);
            case 1 -> computing();
            default -> Response.text(TEXT);
        };
    }

    private static HttpHandler blocking() {
        AtomicLong requests = new AtomicLong();
        return _ -> {
            if (requests.getAndIncrement() % HUNDRED == 0) {
                Libc.waitInNativeCode(WAIT);
            }
            return Response.text(TEXT);
        };
    }

    private static HttpHandler database(Path folder) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        // It stays open as long as the process.
        Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)));
        Users users = new Users(database, Clock.system());
        if (users.list(Page.first()).join().isEmpty()) {
            Optional<User> _ = users.create("Ada", "ada@example.org").join();
        }
        return Router.builder()
                .get(
                        "/users/{id}",
                        request -> users.find(Long.parseLong(request.pathParameter("id")))
                                .join()
                                .map(user -> Response.text(user.name() + "\n"))
                                .orElseGet(() -> Response.empty(404)))
                .build();
    }

    private static HttpHandler files(Path folder, Clock clock) throws IOException {
        Path served = Files.createDirectories(folder.resolve("served"));
        Files.write(served.resolve(FILE), "x".repeat(FILE_BYTES).getBytes(StandardCharsets.US_ASCII));
        return StaticFiles.of(served, "/", FilesConfig.defaults(), clock);
    }
}
