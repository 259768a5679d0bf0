package dev.thrum.app.talk;

import dev.thrum.engine.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How messages and replies are delimited. */
public enum Framing {
    /** Messages and replies end with a line feed. */
    LINES("\n") {
        @Override
        Optional<String> receive(Connection connection) throws IOException {
            return connection.reader().readLine(LONGEST);
        }

        @Override
        Optional<String> receiveRest(Connection connection) throws IOException {
            return receive(connection);
        }
    },

    /** Messages have no terminator; the reply to each is one byte. */
    BYTES("") {
        @Override
        Optional<String> receive(Connection connection) throws IOException {
            int reply = connection.reader().read();
            return reply < 0 ? Optional.empty() : Optional.of(Character.toString(reply));
        }

        @Override
        Optional<String> receiveRest(Connection connection) throws IOException {
            byte[] buffer = new byte[CHUNK];
            int count = connection.reader().readAvailable(buffer, 0, CHUNK);
            return count < 0 ? Optional.empty() : Optional.of(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
    };

    private static final int LONGEST = 1024 * 1024;
    private static final int CHUNK = 8 * 1024;

    private final String terminator;

    Framing(String terminator) {
        this.terminator = terminator;
    }

    String terminator() {
        return terminator;
    }

    /** Waits for the reply to one message; empty at the end of the stream. */
    abstract Optional<String> receive(Connection connection) throws IOException;

    /** Waits for more text from the server after the last message; empty at the end of the stream. */
    abstract Optional<String> receiveRest(Connection connection) throws IOException;
}
