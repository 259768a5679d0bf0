package dev.thrum.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import dev.thrum.testkit.Scene;
import java.io.IOException;

/** A client of a chat, which compares what it receives, line by line. */
record ChatClient(Connection connection) implements AutoCloseable {
    /** A client that has been welcomed by this name. */
    static ChatClient connect(World world, Server server, String name) throws IOException {
        ChatClient client = new ChatClient(world.connect(server));
        client.hears("Welcome! You are " + name + ".");
        return client;
    }

    void says(String... lines) throws IOException {
        Scene.say(connection, String.join("\n", lines) + "\n");
    }

    void hears(String... lines) throws IOException {
        for (String line : lines) {
            assertThat(Scene.line(connection)).isEqualTo(line);
        }
    }

    void hearsEnd() throws IOException {
        assertThat(connection.reader().read()).as("the end of the stream").isEqualTo(-1);
    }

    /** Sends a line and compares the reply. */
    void asks(String line, String... replies) throws IOException {
        says(line);
        hears(replies);
    }

    /** Enters a room in which these were said; the members, which are told, are already there. */
    void joins(String room, int members, String... history) throws IOException {
        asks("join " + room, "You joined " + room + " (" + members + " here).");
        hears(history);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
