package dev.thrum.testkit.scripted;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server that sends scripted responses, whatever the requests are, and keeps the requests. */
public final class ScriptedServer implements ConnectionHandler {
    private final Queue<Step> script = new ConcurrentLinkedQueue<>();
    private final Queue<Received> requests = new ConcurrentLinkedQueue<>();

    /** What the server does with the connection after a response. */
    public enum Then {
        KEEP,
        END,
        RESET,
        HOLD,
        /** Responds and ends the connection without reading the request. */
        END_UNREAD
    }

    private record Step(String bytes, Then then) {}

    /** A request, and the number of its connection. */
    public record Received(long connection, String head, String body) {}

    /** Adds a response to the script. */
    @CanIgnoreReturnValue
    public ScriptedServer respond(String bytes, Then then) {
        script.add(new Step(bytes, then));
        return this;
    }

    /** The requests so far, in order. */
    public List<Received> requests() {
        return List.copyOf(requests);
    }

    /** The number of connections with requests. */
    public long connections() {
        return requests.stream().mapToLong(Received::connection).distinct().count();
    }

    @Override
    public void handle(Connection connection) throws Exception {
        while (connection.reader().await()) {
            Step unread = script.peek();
            if (unread != null && unread.then() == Then.END_UNREAD) {
                script.poll();
                connection.writer().write(unread.bytes().getBytes(ISO_8859_1));
                connection.writer().flush();
                connection.shutdownOutput();
                return;
            }
            requests.add(read(connection));
            Step step = script.poll();
            if (step == null) {
                return;
            }
            connection.writer().write(step.bytes().getBytes(ISO_8859_1));
            connection.writer().flush();
            switch (step.then()) {
                case KEEP -> {}
                case END, END_UNREAD -> {
                    return;
                }
                case RESET -> {
                    connection.reset();
                    return;
                }
                case HOLD -> awaitEnd(connection);
            }
        }
    }

    private static void awaitEnd(Connection connection) throws IOException {
        byte[] trash = new byte[1024];
        while (connection.reader().readAvailable(trash, 0, trash.length) >= 0) {
            // Until the client ends the connection.
        }
    }

    private static Received read(Connection connection) throws IOException {
        ByteReader reader = connection.reader();
        StringBuilder head = new StringBuilder();
        String body = "";
        int length = 0;
        boolean chunked = false;
        for (String line = line(reader); !line.isEmpty(); line = line(reader)) {
            head.append(line).append('\n');
            length = line.startsWith("Content-Length: ") ? Integer.parseInt(line.substring(16)) : length;
            chunked |= line.equals("Transfer-Encoding: chunked");
        }
        if (chunked) {
            StringBuilder all = new StringBuilder();
            for (int size = size(reader); size > 0; size = size(reader)) {
                all.append(new String(reader.readExactly(size), ISO_8859_1));
                line(reader);
            }
            line(reader);
            body = all.toString();
        } else if (length > 0) {
            body = new String(reader.readExactly(length), ISO_8859_1);
        }
        return new Received(connection.number(), head.toString(), body);
    }

    private static int size(ByteReader reader) throws IOException {
        return Integer.parseInt(line(reader), 16);
    }

    @CanIgnoreReturnValue
    private static String line(ByteReader reader) throws IOException {
        return reader.readLine(16 * 1024).orElseThrow(() -> new IOException("the client ended within a request"));
    }
}
