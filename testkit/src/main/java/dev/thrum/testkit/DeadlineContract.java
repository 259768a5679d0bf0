package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.DeadlineException.Kind;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Limits.Deadlines;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How long a connection waits for its peer, and what happens when the deadline passes. */
interface DeadlineContract extends Contract {
    Duration SHORT = Duration.ofMillis(400);
    /** The upper bound for a wait on a busy machine. */
    Duration LATE = Duration.ofSeconds(20);

    Deadlines LONG = Deadlines.defaults();

    private static Limits with(Deadlines deadlines) {
        return Limits.defaults().withDeadlines(deadlines);
    }

    /** Runs a handler whose wait must time out, checks how and when it did, and reports that to the client. */
    private static ConnectionHandler cut(Kind kind, ConnectionHandler waiting) {
        return connection -> {
            long start = connection.clock().nanoTime();
            DeadlineException cut = catchThrowableOfType(DeadlineException.class, () -> waiting.handle(connection));
            long took = connection.clock().nanoTime() - start;
            assertThat(cut).isNotNull();
            assertThat(cut.kind()).isEqualTo(kind);
            assertThat(Duration.ofNanos(took)).isBetween(SHORT, LATE);
            // Reading again fails in the same way instead of reporting the end of the stream. Writing still works.
            assertThat(catchThrowable(() -> Scene.textToEnd(connection))).isInstanceOf(DeadlineException.class);
            connection.writer().write("cut after " + kind + "\n");
        };
    }

    @Test
    default void idleClientGetsAMessageAndTheEnd_whenItSendsNothing() throws Exception {
        play(scene -> {
            Server server = scene.listen(
                    cut(Kind.IDLE, connection -> connection.reader().readLine(100)), with(LONG.withIdle(SHORT)));
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("cut after IDLE\n");
        });
    }

    @Test
    default void idleClientIsDisconnected_whenItSendsNothingBetweenMessages() throws Exception {
        play(scene -> {
            Server server = scene.listen(
                    connection -> {
                        Scene.line(connection);
                        cut(Kind.IDLE, c -> c.reader().readExactly(5)).handle(connection);
                    },
                    with(LONG.withIdle(SHORT)));
            Connection client = scene.connect(server);
            Scene.say(client, "hello\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("cut after IDLE\n");
        });
    }

    @Test
    default void slowWriterGetsAMessageAndTheEnd_whenLineDoesNotEnd() throws Exception {
        trickle(cut(Kind.READ, connection -> connection.reader().readLine(10_000)));
    }

    @Test
    default void slowWriterGetsAMessageAndTheEnd_whenBlockDoesNotEnd() throws Exception {
        trickle(cut(Kind.READ, connection -> connection.reader().readExactly(10_000)));
    }

    /** Sends a byte now and then; none of them may extend the wait for the whole message. */
    private void trickle(ConnectionHandler handler) throws Exception {
        play(scene -> {
            CompletableFuture<Void> over = new CompletableFuture<>();
            ConnectionHandler signalling = connection -> {
                try {
                    handler.handle(connection);
                } finally {
                    over.complete(null);
                }
            };
            Server server = scene.listen(signalling, with(LONG.withRead(SHORT)));
            Connection client = scene.connect(server);
            for (int i = 0; i < 400 && !over.isDone(); i++) {
                Scene.say(client, "x");
                scene.pause(Duration.ofMillis(50));
            }
            assertThat(over).isDone();
            assertThat(Scene.line(client)).isEqualTo("cut after READ");
        });
    }

    @Test
    default void slowWriterIsDisconnected_whenTheMessageOutlastsItsDeadline() throws Exception {
        ConnectionHandler handler = cut(Kind.IDLE, connection -> {
            connection.reader().deadline(SHORT);
            // Each line arrives in time; all of them together don't.
            Scene.echoLines(connection);
        });
        play(scene -> {
            CompletableFuture<Void> over = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                try {
                    handler.handle(connection);
                } finally {
                    over.complete(null);
                }
            });
            Connection client = scene.connect(server);
            for (int i = 0; i < 400 && !over.isDone(); i++) {
                Scene.say(client, "line\n");
                scene.pause(Duration.ofMillis(50));
            }
            assertThat(over).isDone();
            assertThat(Scene.textToEndOrReset(client)).startsWith("line\n").endsWith("line\ncut after IDLE\n");
        });
    }

    @Test
    default void messageDeadlineNoLongerApplies_whenItIsCleared() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.reader().deadline(SHORT);
                connection.writer().write(Scene.line(connection) + "\n");
                connection.reader().clearDeadline();
                connection.writer().write(Scene.line(connection) + "\n");
            });
            Connection client = scene.connect(server);
            Scene.say(client, "in time\n");
            assertThat(Scene.line(client)).isEqualTo("in time");
            scene.pause(SHORT.multipliedBy(2));
            Scene.say(client, "later\n");
            assertThat(Scene.line(client)).isEqualTo("later");
        });
    }

    @Test
    default void slowReaderIsDisconnected_whenItDoesNotReadTheOutput() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            byte[] much = new byte[scene.size(BulkContract.MUCH, BulkContract.MUCH_SIMULATED)];
            Server server = scene.listen(
                    connection -> seen.complete(
                            catchThrowable(() -> connection.writer().write(much))),
                    with(LONG.withWrite(SHORT)));
            Connection client = scene.connect(server);
            assertThat(seen.get()).isInstanceOfSatisfying(DeadlineException.class, e -> {
                assertThat(e.kind()).isEqualTo(Kind.WRITE);
                assertThat(e).hasMessage("the peer did not read the output within 400 ms");
            });
            scene.until("the connection to be gone", () -> scene.served().isEmpty());
            // Lost output must not look like the end of the stream.
            assertThat(catchThrowable(() -> Scene.bytesToEnd(client))).isInstanceOf(IOException.class);
        });
    }

    @Test
    default void writingFailsAgain_whenTheWriteDeadlineHasPassed() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> again = new CompletableFuture<>();
            byte[] much = new byte[scene.size(BulkContract.MUCH, BulkContract.MUCH_SIMULATED)];
            Server server = scene.listen(
                    connection -> {
                        assertThat(catchThrowable(() -> connection.writer().write(much)))
                                .isInstanceOf(DeadlineException.class);
                        again.complete(catchThrowable(() -> Scene.say(connection, "sorry\n")));
                    },
                    with(LONG.withWrite(SHORT)));
            Connection client = scene.connect(server);
            assertThat(again.get()).isInstanceOf(IOException.class);
            client.close();
        });
    }

    @Test
    default void slowReaderIsServed_whenItReadsSomethingWithinEachWriteDeadline() throws Exception {
        play(scene -> {
            // Once the buffers between the two are full, the server pauses whenever the client does.
            byte[] content = Scene.pattern(scene.size(24 << 20, 2 << 20));
            Duration write = Duration.ofMillis(1_500);
            Server server = scene.listen(connection -> connection.writer().write(content), with(LONG.withWrite(write)));
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.OUTPUT);
            long start = scene.engine().clock().nanoTime();
            int step = content.length / 24;
            for (int from = 0; from < content.length; from += step) {
                byte[] part = client.reader().readExactly(Math.min(step, content.length - from));
                assertThat(part).isEqualTo(Arrays.copyOfRange(content, from, from + part.length));
                scene.pause(Duration.ofMillis(100));
            }
            assertThat(Scene.line(client)).isEqualTo("<end>");
            assertThat(scene.engine().clock().nanoTime() - start).isGreaterThan(write.toNanos());
        });
    }

    @Test
    default void slowConversationGoesOn_whenEachOfItsPartsIsInTime() throws Exception {
        play(scene -> {
            Duration deadline = Duration.ofSeconds(1);
            Server server = scene.listen(
                    Scene::echoLines,
                    with(LONG.withIdle(deadline).withRead(deadline).withWrite(deadline)));
            Connection client = scene.connect(server);
            long start = scene.engine().clock().nanoTime();
            for (int i = 0; i < 8; i++) {
                scene.pause(Duration.ofMillis(100));
                Scene.say(client, "li");
                scene.pause(Duration.ofMillis(100));
                Scene.say(client, "ne\n");
                assertThat(Scene.line(client)).isEqualTo("line");
            }
            assertThat(scene.engine().clock().nanoTime() - start).isGreaterThan(deadline.toNanos());
        });
    }

    @Test
    default void handlerIsNotInterrupted_whenItWaitsForAnythingButItsPeer() throws Exception {
        play(scene -> {
            Server server = scene.listen(
                    connection -> {
                        String line = Scene.line(connection);
                        scene.pause(SHORT.multipliedBy(2));
                        connection.writer().write(line + "\n");
                    },
                    with(LONG.withIdle(SHORT).withRead(SHORT).withWrite(SHORT)));
            Connection client = scene.connect(server);
            Scene.say(client, "patience\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("patience\n");
        });
    }

    @Test
    default void clientHasDeadlinesToo_whenTheServerSendsNothing() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            Connection client = scene.connect(server);
            client.deadlines(client.deadlines().withIdle(SHORT));
            assertThat(catchThrowable(() -> Scene.line(client)))
                    .isInstanceOfSatisfying(
                            DeadlineException.class, e -> assertThat(e.kind()).isEqualTo(Kind.IDLE));
        });
    }

    @Test
    default void lastOutputAndTheEndArrive_whenInputArrivedAfterTheDeadline() throws Exception {
        play(scene -> {
            CompletableFuture<Void> timedOut = new CompletableFuture<>();
            CompletableFuture<Void> sent = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        assertThat(catchThrowable(() -> connection.reader().readLine(100)))
                                .isInstanceOf(DeadlineException.class);
                        timedOut.complete(null);
                        sent.get();
                        connection.writer().write("too late\n");
                    },
                    with(LONG.withRead(SHORT)));
            Connection client = scene.connect(server);
            Scene.say(client, "half a");
            timedOut.get();
            Scene.say(client, " line\n");
            sent.complete(null);
            assertThat(Scene.textToEnd(client)).isEqualTo("too late\n");
        });
    }

    @Test
    default void receivedBytesCanBeRead_afterTheDeadlineHasPassed() throws Exception {
        play(scene -> {
            CompletableFuture<String> read = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        DeadlineException cut = catchThrowableOfType(
                                DeadlineException.class,
                                () -> connection.reader().readLine(100));
                        assertThat(cut.kind()).isEqualTo(Kind.READ);
                        byte[] rest = new byte[100];
                        int count = connection.reader().readAvailable(rest, 0, 100);
                        read.complete(new String(rest, 0, count, StandardCharsets.UTF_8));
                    },
                    with(LONG.withRead(SHORT)));
            Connection client = scene.connect(server);
            Scene.say(client, "half a line");
            assertThat(read.get()).isEqualTo("half a line");
        });
    }

    @Test
    default void incompleteLineIsNotReturned_whenReadAgainAfterItsDeadline() throws Exception {
        play(scene -> {
            CompletableFuture<List<Throwable>> seen = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> seen.complete(List.of(
                            catchThrowable(() -> Scene.line(connection)),
                            catchThrowable(() -> Scene.line(connection)))),
                    with(LONG.withRead(SHORT)));
            Connection client = scene.connect(server);
            Scene.say(client, "half a li");
            assertThat(seen.get())
                    .allSatisfy(thrown -> assertThat(thrown)
                            .isInstanceOfSatisfying(
                                    DeadlineException.class,
                                    cut -> assertThat(cut.kind()).isEqualTo(Kind.READ)));
        });
    }
}
