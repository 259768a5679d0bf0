package dev.thrum.testkit.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A server on an engine, and its output for given bytes. */
public record Conversation(Engine engine, Server server) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static Conversation with(Engine engine, ConnectionHandler handler) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Conversation(engine, engine.listen(any, handler, Limits.defaults()));
    }

    public Connection connect() throws IOException {
        return engine.connect(server.address(), PATIENCE);
    }

    /** Everything that the server sends if a client sends these bytes and then ends its output. */
    public String tell(String bytes) throws IOException {
        try (Connection connection = connect()) {
            connection.writer().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            connection.shutdownOutput();
            return rest(connection);
        }
    }

    /** Everything that the server sends if a client sends these bytes and waits: the server must end the connection. */
    public String tellOnly(String bytes) throws IOException {
        try (Connection connection = connect()) {
            connection.writer().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            connection.writer().flush();
            return rest(connection);
        }
    }

    /** Everything that the server sends if these bytes are sent one at a time. */
    public String tellBytewise(String bytes) throws IOException {
        try (Connection connection = connect()) {
            for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
                connection.writer().write(b);
                connection.writer().flush();
            }
            connection.shutdownOutput();
            return rest(connection);
        }
    }

    /** Everything up to the end of the connection, without the Date fields. */
    public static String rest(Connection connection) throws IOException {
        return undated(new String(Scene.bytesToEnd(connection), StandardCharsets.ISO_8859_1));
    }

    /** The text with CRLF line ends, as in HTTP. */
    public static String crlf(String text) {
        return text.replace("\n", "\r\n");
    }

    /** The responses without the Date fields, which must be well-formed. */
    static String undated(String responses) {
        String undated = responses.replaceAll("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n", "");
        assertThat(undated).doesNotContain("Date:");
        return undated;
    }
}
