package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Limits.Deadlines;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The lines about a connection that are logged at level DEBUG: that it was opened, and why it ended. */
interface ConnectionLogContract extends Contract {
    Duration BRIEF = Duration.ofMillis(200);

    /** What a client does. */
    @FunctionalInterface
    interface Visit {
        void of(Connection client) throws Exception;
    }

    private void expectEnd(ConnectionHandler handler, Limits limits, Visit visit, String why) throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(scene -> {
                Server server = scene.engine().listen(scene.under().anyAddress(), handler, limits);
                Connection client = scene.connect(server);
                visit.of(client);
                scene.until("the end to be logged", () -> log.of(client).size() >= 2);
                assertThat(log.of(client)).hasSize(2);
                assertThat(log.of(client).getFirst())
                        .matches("connection \\d+: \\S+ connected to \\S+:"
                                + server.address().getPort());
                assertThat(log.of(client).getLast())
                        .matches("connection \\d+: \\S+ disconnected after \\d+ ms, \\d+ bytes in, \\d+ bytes out: .*")
                        .endsWith(": " + why);
            });
        }
    }

    private static Limits with(Deadlines deadlines) {
        return Limits.defaults().withDeadlines(deadlines);
    }

    private static Deadlines defaults() {
        return Deadlines.defaults();
    }

    @Test
    default void endIsLogged_whenClientCloses() throws Exception {
        expectEnd(
                Scene::echoLines,
                Limits.defaults(),
                client -> {
                    Scene.say(client, "hello\n");
                    assertThat(Scene.line(client)).isEqualTo("hello");
                    client.close();
                },
                "the client closed the connection");
    }

    @Test
    default void endIsLogged_whenHandlerReturns() throws Exception {
        expectEnd(
                connection -> connection.writer().write("bye\n"),
                Limits.defaults(),
                client -> assertThat(Scene.textToEnd(client)).isEqualTo("bye\n"),
                "its handler ended");
    }

    @Test
    default void endIsLogged_whenHandlerThrows() throws Exception {
        expectEnd(
                connection -> {
                    throw new IllegalStateException("this stack is expected");
                },
                Limits.defaults(),
                client -> assertThat(Scene.textToEnd(client)).isEmpty(),
                "its handler failed: java.lang.IllegalStateException");
        expectEnd(
                connection -> {
                    throw new IOException("it had enough");
                },
                Limits.defaults(),
                client -> assertThat(Scene.textToEnd(client)).isEmpty(),
                "its handler ended: it had enough");
    }

    @Test
    default void endIsLogged_whenALineIsTooLong() throws Exception {
        expectEnd(
                connection -> connection.reader().readLine(5),
                Limits.defaults(),
                client -> Scene.say(client, "hello, world\n"),
                "a line longer than 5 bytes");
    }

    @Test
    default void endIsLogged_whenClientIsSilent() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(scene -> {
                // It makes no difference that the handler catches the exception.
                Server server = scene.listen(
                        connection -> assertThat(catchThrowable(() -> Scene.line(connection)))
                                .isNotNull(),
                        with(defaults().withIdle(BRIEF)));
                Connection client = scene.connect(server);
                scene.until("the end to be logged", () -> log.of(client).size() == 2);
                assertThat(log.of(client).getLast()).matches(".*: silence: the idle deadline passed \\(\\d+ ms\\)");
            });
        }
    }

    @Test
    default void endIsLogged_whenAMessageIsNotCompleted() throws Exception {
        expectEnd(
                Scene::line,
                with(defaults().withRead(BRIEF)),
                client -> Scene.say(client, "half"),
                "half a message, then silence: the read deadline passed");
    }

    @Test
    default void endIsLogged_whenClientDoesNotRead() throws Exception {
        play(scene -> {
            try (ConnectionLogCapture log = new ConnectionLogCapture()) {
                byte[] much = new byte[scene.size(BulkContract.MUCH, BulkContract.MUCH_SIMULATED)];
                Server server = scene.listen(
                        connection -> connection.writer().write(much),
                        with(defaults().withWrite(BRIEF)));
                Connection client = scene.connect(server);
                scene.until("the end to be logged", () -> log.of(client).size() == 2);
                assertThat(log.of(client).getLast()).endsWith(": the client does not read: the write deadline passed");
            }
        });
    }

    @Test
    default void endIsLogged_whenClientResets() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(scene -> {
                Server server = scene.listen(Scene::line);
                Connection client = scene.connect(server);
                Scene.say(client, "half a line");
                scene.untilServedGot("half a line".length());
                client.reset();
                scene.until("the end to be logged", () -> log.of(client).size() == 2);
                assertThat(log.of(client).getLast()).matches(".*: the connection broke \\(.+\\)");
            });
        }
    }

    @Test
    default void endIsLogged_whenTheServerDrainsOrIsClosed() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(scene -> {
                Server server = scene.listen(connection -> {
                    while (connection.reader().awaitExchange()) {
                        connection.writer().write(Scene.line(connection) + "\n");
                    }
                });
                Server stubborn = scene.listen(connection -> {
                    connection.writer().write("here\n");
                    connection.reader().await();
                });
                Connection idle = scene.connect(server);
                Scene.say(idle, "hello\n");
                assertThat(Scene.line(idle)).isEqualTo("hello");
                Connection cut = scene.connect(stubborn);
                assertThat(Scene.line(cut)).isEqualTo("here");

                assertThat(scene.engine().shutdown(Duration.ofSeconds(1))).isFalse();
                scene.until(
                        "both ends to be logged",
                        () -> log.of(idle).size() == 2 && log.of(cut).size() == 2);
                assertThat(log.of(idle).getLast()).matches(".*: idle while the server drains \\(\\d+ ms\\)");
                assertThat(log.of(cut).getLast())
                        .endsWith(": cut off: the server was closed, or the time to drain was over");
            });
        }
    }

    @Test
    default void refusalIsLogged_whenThereIsNoPlace() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(scene -> {
                if (scene.under().encrypted()) {
                    // A client that is refused before the handshake has no connection.
                    return;
                }
                Server server = scene.listen(
                        connection -> connection.reader().await(),
                        Limits.defaults().withMaxConnections(2));
                Server greedy = scene.listen(
                        connection -> connection.reader().await(),
                        Limits.defaults().withMaxPerPeer(1));
                Connection first = scene.connect(server);
                scene.until("the client to be served", () -> server.conversations() == 1);

                Connection fromOneAddress = scene.connect(greedy);
                assertThat(Scene.textToEnd(fromOneAddress)).isEmpty();
                scene.until(
                        "its refusal to be logged", () -> log.of(fromOneAddress).size() == 1);
                assertThat(log.of(fromOneAddress).getFirst())
                        .matches("\\S+ refused at \\S+:" + greedy.address().getPort()
                                + ": more than 1 connections from its address");

                Connection second = scene.connect(server);
                scene.until("the second to be served", () -> server.conversations() == 2);
                Connection third = scene.connect(server);
                assertThat(Scene.textToEnd(third)).isEmpty();
                scene.until("its refusal to be logged", () -> log.of(third).size() == 1);
                assertThat(log.of(third).getFirst()).endsWith(": more than 2 connections");
                first.close();
                second.close();
            });
        }
    }

    @Test
    default void nothingIsLogged_atTheDefaultLevel() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            log.mute();
            play(scene -> {
                Server server = scene.listen(connection -> connection.writer().write("bye\n"));
                Connection client = scene.connect(server);
                assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
                scene.until("the conversation to end", () -> server.conversations() == 0);
                assertThat(log.of(client)).isEmpty();
            });
        }
    }
}
