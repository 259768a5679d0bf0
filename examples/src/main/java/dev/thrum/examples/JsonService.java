package dev.thrum.examples;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.events.EventEngine;
import dev.thrum.events.EventOptions;
import dev.thrum.http.Headers;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Request.Wakeup;
import dev.thrum.http.Response;
import dev.thrum.http.server.HostCheck;
import dev.thrum.http.server.HttpConfig;
import dev.thrum.http.server.HttpServer;
import dev.thrum.http.server.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON service with uploads and streams: it computes the SHA-256 of what it is sent, and keeps no file.
 *
 * <pre>
 * java -cp '/tmp/thrum/lib/*' JsonService.java [threads|virtual|events [PORT]]
 * curl localhost:7020/uploads --data-binary @README.md
 * curl localhost:7020/uploads
 * curl localhost:7020/uploads/1/label -X PUT --json '{"label":"the README"}'
 * curl localhost:7020/ticks?count=3
 * </pre>
 *
 * <p>What to learn here:
 *
 * <ul>
 *   <li>A handler is a method from a request to a response. {@link HttpException} ends it with an error that the client
 *       sees, as JSON; any other exception becomes 500, and its stack goes to the log.
 *   <li>An upload is read as a stream. It is never in memory as a whole, and TCP slows down a client that sends faster
 *       than this reads.
 *   <li>A response may be a stream, too: it is written while the client reads it.
 *   <li>Whatever clients can make the service keep is bounded.
 * </ul>
 */
final class JsonService {
    private static final String JSON = "application/json";
    private static final JsonMapper MAPPER = new JsonMapper();

    /** The largest JSON document that is read, in bytes. */
    private static final int MOST_JSON = 10_000;

    private static final int LONGEST_LABEL = 100;
    private static final int MOST_TICKS = 3_600;

    private final Bounds bounds;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, Upload> uploads = new TreeMap<>(); // guarded by lock
    private long lastId; // guarded by lock

    /**
     * What the service accepts.
     *
     * @param upload the size of the largest upload, in bytes
     * @param uploads the number of uploads that are remembered; the oldest is forgotten first
     * @param tick the time between two ticks
     */
    record Bounds(long upload, int uploads, Duration tick) {
        static Bounds defaults() {
            return new Bounds(64L * 1024 * 1024, 1_000, Duration.ofSeconds(1));
        }
    }

    /** What is remembered of an upload. Jackson makes JSON of a record as it is. */
    record Upload(long id, long bytes, String sha256, String label) {
        Upload withLabel(String value) {
            return new Upload(id, bytes, sha256, value);
        }
    }

    record Tick(int number, String time) {}

    JsonService(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Arguments: an engine and a port, which may be left out. */
    public static void main(String[] arguments) throws Exception {
        String engineName = arguments.length > 0 ? arguments[0] : "virtual";
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7020;
        // Only this machine can connect. To serve others, name the address of a network interface here.
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (Engine engine = engine(engineName)) {
            Server server = engine.listen(address, new JsonService(Bounds.defaults()).handler(), Limits.defaults());
            // At Ctrl-C: no new clients, and ten seconds for the requests that are being served.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                engine.shutdown(Duration.ofSeconds(10));
                IO.println("stopped");
            }));
            IO.println("the JSON service listens on " + server.address() + ", engine " + engine.name());
            server.awaitClosed();
        }
    }

    /** The engine is one line; the handlers are the same on all of them. */
    private static Engine engine(String name) {
        return switch (name) {
            case "threads" -> Engine.threads(200, 1_000); // 200 clients at a time, and 1,000 that wait
            case "virtual" -> Engine.virtual();
            case "events" -> EventEngine.open(EventOptions.defaults());
            default ->
                throw new IllegalArgumentException("expected the engine threads, virtual or events but was " + name);
        };
    }

    /** What an engine serves connections with. */
    ConnectionHandler handler() {
        Router routes = Router.builder()
                .route("POST", "/uploads", bounds.upload(), this::upload)
                .get("/uploads", _ -> json(200, list()))
                .get("/uploads/{id}", request -> json(200, find(request)))
                .route("PUT", "/uploads/{id}/label", MOST_JSON, this::label)
                .get("/ticks", this::ticks)
                .build();
        // Keeps pages of other sites from using a browser on this machine to call the service (DNS rebinding).
        HostCheck localOnly = HostCheck.of(List.of("localhost", "127.0.0.1", "[::1]"));
        return HttpServer.over(routes.behind(localOnly), HttpConfig.defaults().withErrors(JsonService::error));
    }

    /** Errors are JSON, too: those that handlers throw, and those of the server, such as 404 and 413. */
    private static Response error(HttpException error, Headers asked) {
        Map<String, String> body = error.field().isEmpty()
                ? Map.of("error", error.message())
                : new TreeMap<>(
                        Map.of("error", error.message(), "field", error.field().get()));
        return json(error.status(), body);
    }

    private static Response json(int status, Object body) {
        return Response.of(status, JSON, MAPPER.writeValueAsString(body) + "\n");
    }

    /**
     * Reads an upload to its end. A body over the limit of the route is refused with 413: at once if it declares its
     * length, otherwise by the read that exceeds the limit. A body that ends early is an exception as well, so whatever
     * is remembered was complete.
     */
    private Response upload(Request request) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[16 * 1024];
        long bytes = 0;
        for (int count = request.body().read(chunk);
                count >= 0;
                count = request.body().read(chunk)) {
            // A chunk takes some ten microseconds. Longer computations belong into request.offload(...).
            digest.update(chunk, 0, count);
            bytes += count;
        }
        Upload upload = remember(bytes, HexFormat.of().formatHex(digest.digest()));
        return json(201, upload).with("Location", "/uploads/" + upload.id());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private Upload remember(long bytes, String sha256) {
        lock.lock();
        try {
            lastId++;
            Upload upload = new Upload(lastId, bytes, sha256, "");
            uploads.put(upload.id(), upload);
            if (uploads.size() > bounds.uploads()) {
                uploads.pollFirstEntry();
            }
            return upload;
        } finally {
            lock.unlock();
        }
    }

    /** A copy, newest first: the lock must not be held while a client reads. */
    private List<Upload> list() {
        lock.lock();
        try {
            return List.copyOf(uploads.descendingMap().values());
        } finally {
            lock.unlock();
        }
    }

    private Upload find(Request request) {
        long id = id(request);
        lock.lock();
        try {
            return known(id);
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock. */
    private Upload known(long id) {
        Upload upload = uploads.get(id);
        if (upload == null) {
            throw HttpException.of(404, "There is no upload " + id + ": GET /uploads lists those that there are");
        }
        return upload;
    }

    private static long id(Request request) {
        String text = request.pathParameter("id");
        if (!text.matches("\\d{1,18}")) {
            throw HttpException.of(400, "Expected the number of an upload").blaming("id");
        }
        return Long.parseLong(text);
    }

    /** Reads the JSON before it takes the lock: a slow client must not stop the others. */
    private Response label(Request request) throws IOException {
        long id = id(request);
        String label = labelOf(readJson(request));
        lock.lock();
        try {
            Upload labelled = known(id).withLabel(label);
            uploads.put(id, labelled);
            return json(200, labelled);
        } finally {
            lock.unlock();
        }
    }

    /** The route's limit bounds what is read into memory. */
    private static JsonNode readJson(Request request) throws IOException {
        if (!request.headers().mediaType().equals(JSON)) {
            throw HttpException.of(415, "Expected Content-Type: " + JSON);
        }
        byte[] body = request.body().readAllBytes();
        try {
            return MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw HttpException.of(400, "Expected well-formed JSON, such as {\"label\":\"spring\"}");
        }
    }

    private static String labelOf(JsonNode body) {
        JsonNode label = body.path("label");
        if (!label.isString() || label.stringValue().length() > LONGEST_LABEL) {
            throw HttpException.of(400, "Expected a text of at most " + LONGEST_LABEL + " characters")
                    .blaming("label");
        }
        return label.stringValue();
    }

    /** A stream: a line of JSON for each tick. */
    private Response ticks(Request request) {
        String count = request.parameter("count").orElse("10");
        if (!count.matches("\\d{1,4}") || Integer.parseInt(count) > MOST_TICKS) {
            throw HttpException.of(400, "Expected a number from 0 to " + MOST_TICKS)
                    .blaming("count");
        }
        int ticks = Integer.parseInt(count);
        // Called when the response is sent.
        return Response.stream(200, "application/x-ndjson", out -> writeTicks(request, ticks, out));
    }

    private void writeTicks(Request request, int count, OutputStream out) throws IOException {
        for (int number = 1; number <= count; number++) {
            // Waits by the engine's clock, so that in a simulation it takes no time, and not for a client that has
            // left.
            if (number > 1 && request.await(bounds.tick()) != Wakeup.TIME) {
                // Cuts the response, so that nobody takes these ticks for all.
                throw new IOException("the client has left, or the server stops, before tick " + number);
            }
            Tick tick = new Tick(number, request.clock().instant().toString());
            out.write(MAPPER.writeValueAsBytes(tick));
            out.write('\n');
            out.flush(); // sends it now, not when a buffer is full
        }
    }
}
