package dev.thrum.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.engine.ByteReader;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A server that answers with the bytes it is given, whatever it is asked, and keeps what it was asked. */
public final class ScriptedServer implements ConnectionHandler {
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();

    /** What becomes of the connection behind an answer. */
    public enum Then {
        KEEP,
        END,
        RESET,
        HOLD,
        /** The connection ends before the request has been read. */
        END_UNREAD
    }

    record Answer(String bytes, Then then) {}

    /** A request, and over which connection it came. */
    public record Asked(long connection, String head, String body) {}

    @CanIgnoreReturnValue
    public ScriptedServer answer(String bytes, Then then) {
        script.add(new Answer(bytes, then));
        return this;
    }

    /** What came, in its order. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** How many connections brought requests. */
    public long connections() {
        return asked.stream().mapToLong(Asked::connection).distinct().count();
    }

    @Override
    public void handle(Connection connection) throws Exception {
        while (connection.reader().await()) {
            Answer unread = script.peek();
            if (unread != null && unread.then() == Then.END_UNREAD) {
                script.poll();
                connection.writer().write(unread.bytes().getBytes(ISO_8859_1));
                connection.writer().flush();
                connection.shutdownOutput();
                return;
            }
            asked.add(read(connection));
            Answer answer = script.poll();
            if (answer == null) {
                return;
            }
            connection.writer().write(answer.bytes().getBytes(ISO_8859_1));
            connection.writer().flush();
            switch (answer.then()) {
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
            // The client ends it.
        }
    }

    private static Asked read(Connection connection) throws IOException {
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
        return new Asked(connection.number(), head.toString(), body);
    }

    private static int size(ByteReader reader) throws IOException {
        return Integer.parseInt(line(reader), 16);
    }

    @CanIgnoreReturnValue
    private static String line(ByteReader reader) throws IOException {
        return reader.readLine(16 * 1024).orElseThrow(() -> new IOException("the client ended within a request"));
    }
}
