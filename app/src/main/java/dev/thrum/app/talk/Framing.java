package dev.thrum.app.talk;

import dev.thrum.engine.Connection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where a message ends, and what the answer to one is. */
public enum Framing {
    /** Both end with a line feed. */
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

    /** Messages have no end, and one byte answers each. */
    BYTES("") {
        @Override
        Optional<String> receive(Connection connection) throws IOException {
            int answer = connection.reader().read();
            return answer < 0 ? Optional.empty() : Optional.of(Character.toString(answer));
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

    /** Waits for the answer to one message; empty at the end of the stream. */
    abstract Optional<String> receive(Connection connection) throws IOException;

    /** Waits for what the server still says when everything is sent; empty at the end of the stream. */
    abstract Optional<String> receiveRest(Connection connection) throws IOException;
}
