package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server of files in memory that does ranges and validators right, and then spoils the responses that a script names. A path has its own
 * script: its first fault spoils the response to the first request, and so on; after the last one all is right. Safe for concurrent use.
 */
public final class FileServer implements ConnectionHandler {
    private static final int LONGEST_LINE = 70_000;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final Map<String, ServedFile> files = new ConcurrentHashMap<>();
    private final Map<String, Queue<FileFault>> scripts = new ConcurrentHashMap<>();
    private final Queue<Asked> requests = new ConcurrentLinkedQueue<>();
    private volatile Consumer<Asked> listener = _ -> {};

    /**
     * A request.
     *
     * @param fields with names in lower case
     */
    public record Asked(String method, String target, Map<String, String> fields) {
        /** The value of a field, its name in lower case; empty if there is none. */
        public String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    /** Serves this file at this path from now on. */
    @CanIgnoreReturnValue
    public FileServer put(String path, ServedFile file) {
        files.put(path, file);
        return this;
    }

    /** Adds faults to the script of a path. */
    @CanIgnoreReturnValue
    public FileServer spoil(String path, FileFault... faults) {
        Collections.addAll(scripts.computeIfAbsent(path, _ -> new ConcurrentLinkedQueue<>()), faults);
        return this;
    }

    /** Calls this before each response, on the connection's thread. */
    public void onRequest(Consumer<Asked> called) {
        listener = called;
    }

    /** The requests so far, in their order. */
    public List<Asked> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void handle(Connection connection) throws Exception {
        while (connection.reader().await()) {
            Asked asked = read(connection);
            requests.add(asked);
            listener.accept(asked);
            FileReply reply = reply(asked);
            if (reply.endless) {
                sendEndlessHead(connection, reply);
            }
            send(connection, reply, asked);
            switch (reply.then) {
                case KEEP -> {}
                case END, END_UNREAD -> {
                    return;
                }
                case RESET -> {
                    connection.reset();
                    return;
                }
                case HOLD -> {
                    awaitEnd(connection);
                    return;
                }
            }
        }
    }

    private static Asked read(Connection connection) throws IOException {
        String[] first = line(connection).split(" ", 3);
        Map<String, String> fields = new ConcurrentHashMap<>();
        for (String line = line(connection); !line.isEmpty(); line = line(connection)) {
            int colon = line.indexOf(':');
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Asked(first[0], first[1], Map.copyOf(fields));
    }

    private static String line(Connection connection) throws IOException {
        return connection
                .reader()
                .readLine(LONGEST_LINE)
                .orElseThrow(() -> new IOException("the client ended within a request"));
    }

    private FileReply reply(Asked asked) {
        FileReply reply = new FileReply();
        ServedFile file = files.get(asked.target());
        if (file == null) {
            reply.become(404, List.of());
        } else {
            answer(reply, asked, file);
        }
        FileFault fault =
                scripts.getOrDefault(asked.target(), new ArrayDeque<>()).poll();
        if (fault != null) {
            fault.spoil(reply, file == null ? ServedFile.of("") : file);
        }
        return reply;
    }

    private static void answer(FileReply reply, Asked asked, ServedFile file) {
        reply.fields.addAll(file.fields());
        reply.chunked = file.isChunked();
        if (!file.etag().isEmpty()) {
            reply.fields.add("ETag: " + file.etag());
        }
        if (!file.lastModified().isEmpty()) {
            reply.fields.add("Last-Modified: " + file.lastModified());
        }
        byte[] bytes = file.bytes();
        Matcher range = RANGE.matcher(asked.field("range"));
        if (isUnchanged(asked, file)) {
            reply.status = 304;
            reply.chunked = false;
        } else if (range.matches() && mayBeRange(asked, file)) {
            range(reply, range, bytes);
        } else {
            reply.body = bytes;
        }
    }

    private static boolean isUnchanged(Asked asked, ServedFile file) {
        return asked.fields().containsKey("if-none-match")
                ? asked.field("if-none-match")
                        .replace("W/", "")
                        .equals(file.etag().replace("W/", ""))
                : asked.fields().containsKey("if-modified-since")
                        && asked.field("if-modified-since").equals(file.lastModified());
    }

    /** RFC 9110, 13.1.5: the strong comparison; a date must be the same. */
    private static boolean mayBeRange(Asked asked, ServedFile file) {
        String condition = asked.field("if-range");
        return condition.isEmpty()
                || (condition.startsWith("\"") ? condition.equals(file.etag()) : condition.equals(file.lastModified()));
    }

    private static void range(FileReply reply, Matcher range, byte[] bytes) {
        long first = Long.parseLong(range.group(1));
        if (first >= bytes.length) {
            reply.become(416, List.of("Content-Range: bytes */" + bytes.length));
            return;
        }
        long last = range.group(2).isEmpty() ? bytes.length - 1 : Long.parseLong(range.group(2));
        reply.becomeRange(bytes, (int) first, (int) Math.min(last, bytes.length - 1));
    }

    private static void send(Connection connection, FileReply reply, Asked asked)
            throws IOException, InterruptedException {
        byte[] message = reply.message(!asked.method().equals("HEAD"));
        for (int at = 0; at < message.length; ) {
            int size = Math.min(reply.drip, message.length - at);
            connection.writer().write(message, at, size);
            at += size;
            if (reply.drip != FileReply.WHOLE) {
                connection.writer().flush();
                connection.clock().sleep(reply.pause);
            }
        }
        connection.writer().flush();
    }

    private static void sendEndlessHead(Connection connection, FileReply reply) throws IOException {
        String head = reply.head();
        connection.writer().write(head.substring(0, head.length() - 2).getBytes(ISO_8859_1));
        byte[] field = "X-More: and more and more\r\n".getBytes(ISO_8859_1);
        while (true) {
            // Until the client has had enough, which fails here.
            connection.writer().write(field);
        }
    }

    private static void awaitEnd(Connection connection) throws IOException {
        byte[] trash = new byte[1024];
        while (connection.reader().readAvailable(trash, 0, trash.length) >= 0) {
            // Until the client ends the connection.
        }
    }
}
