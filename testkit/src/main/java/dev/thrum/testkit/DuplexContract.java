package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The two halves of a connection under two threads, and waits that end nothing. */
interface DuplexContract extends Contract {
    Duration MOMENT = Duration.ofMillis(50);

    private static Limits with(Limits.Deadlines deadlines) {
        return Limits.defaults().withDeadlines(deadlines);
    }

    @Test
    default void linesOfBothDirectionsAreWhole_whenEachHalfHasItsOwnThread() throws Exception {
        play(scene -> {
            int lines = scene.size(3_000, 200);
            CompletableFuture<Integer> received = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.releaseOutput();
                CompletableFuture<Void> writer = scene.fork("writer", () -> sayLines(connection, "down", lines));
                received.complete(countLines(connection, "up"));
                writer.get();
            });
            Connection client = scene.connect(server);
            client.releaseOutput();
            CompletableFuture<Void> writer = scene.fork("client's writer", () -> {
                sayLines(client, "up", lines);
                client.shutdownOutput();
            });
            assertThat(countLines(client, "down")).isEqualTo(lines);
            writer.get();
            assertThat(received.get()).isEqualTo(lines);
        });
    }

    /** Sends lines of many sizes, some of them longer than a buffer. */
    private static void sayLines(Connection connection, String name, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            connection.writer().write(text(name, i) + "\n");
            if (i % 7 == 0) {
                connection.writer().flush();
            }
        }
        connection.writer().flush();
    }

    private static int countLines(Connection connection, String name) throws IOException {
        int count = 0;
        for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
            assertThat(line).isEqualTo(text(name, count));
            count++;
        }
        return count;
    }

    private static String text(String name, int number) {
        return name + " " + number + " " + "x".repeat(number % 500 == 499 ? 9_000 : number % 50);
    }

    @Test
    default void proxyPassesBothDirectionsOn_whenAThreadCopiesEach() throws Exception {
        play(scene -> {
            Server echo = scene.listen(Scene::echoLines);
            Server proxy = scene.listen(client -> {
                try (Connection upstream = scene.connect(echo)) {
                    client.releaseOutput();
                    upstream.releaseInput();
                    CompletableFuture<Void> back = scene.fork("back", () -> copy(upstream, client));
                    copy(client, upstream);
                    back.get();
                }
            });
            Connection client = scene.connect(proxy);
            for (int i = 0; i < 20; i++) {
                Scene.say(client, text("line", i) + "\n");
                assertThat(Scene.line(client)).isEqualTo(text("line", i));
            }
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    private static void copy(Connection from, Connection to) throws IOException {
        byte[] bytes = new byte[1_000];
        for (int count; (count = from.reader().readAvailable(bytes, 0, bytes.length)) >= 0; ) {
            to.writer().write(bytes, 0, count);
            to.writer().flush();
        }
        to.shutdownOutput();
    }

    @Test
    default void readEnds_whenAnotherThreadShutsTheInputDown() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                scene.fork("impatient", () -> {
                    scene.untilServedWaitsFor(Waiting.MESSAGE);
                    connection.shutdownInput();
                });
                assertThat(connection.reader().await()).isFalse();
                Scene.say(connection, "bye\n");
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("bye\n");
        });
    }

    @Test
    default void readerSendsNothingOfTheOtherHalf_untilItsOwnerFlushes() throws Exception {
        play(scene -> {
            CompletableFuture<Void> go = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.writer().write("first ");
                connection.releaseOutput();
                CompletableFuture<Void> writer = scene.fork("writer", () -> {
                    go.get();
                    Scene.say(connection, "second\n");
                });
                assertThat(connection.reader().await()).isTrue();
                writer.get();
            });
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            assertThat(client.reader().await(MOMENT)).isEqualTo(Arrival.NOTHING);
            go.complete(null);
            assertThat(Scene.line(client)).isEqualTo("first second");
            Scene.say(client, "done\n");
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void writerIsCut_whenItsPeerDoesNotReadWhileTheOtherThreadReads() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> cut = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        assertThat(Scene.line(connection)).isEqualTo("go");
                        connection.releaseOutput();
                        CompletableFuture<Void> writer = scene.fork(
                                "writer",
                                () -> cut.complete(catchThrowable(() -> sayLines(connection, "down", 1_000_000))));
                        assertThat(catchThrowable(() -> connection.reader().await()))
                                .isInstanceOf(IOException.class);
                        writer.get();
                    },
                    with(Limits.Deadlines.defaults().withWrite(Duration.ofMillis(400))));
            Connection client = scene.connect(server);
            Scene.say(client, "go\n");
            scene.until(
                    "both halves to wait",
                    () -> scene.served().size() == 1
                            && scene.served().getFirst().waits().input() == Waiting.MESSAGE
                            && scene.served().getFirst().waits().output() == Waiting.OUTPUT);
            assertThat(cut.get()).isInstanceOf(DeadlineException.class);
            client.reset();
        });
    }

    @Test
    default void conversationEnds_whenItsHandlerReturnsWhileAnotherThreadReads() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> read = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.releaseInput();
                scene.fork(
                        "reader",
                        () -> read.complete(catchThrowable(
                                () -> assertThat(connection.reader().await()).isFalse())));
                scene.untilServedWaitsFor(Waiting.MESSAGE);
                Scene.say(connection, "bye\n");
            });
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            Throwable how = read.get();
            assertThat(how == null || how instanceof IOException).as("%s", how).isTrue();
        });
    }

    @Test
    default void connectionIsReset_whenItsHandlerReturnsWhileAnotherThreadWaitsForThePeerToRead() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> write = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                assertThat(Scene.line(connection)).isEqualTo("go");
                connection.releaseOutput();
                scene.fork(
                        "writer", () -> write.complete(catchThrowable(() -> sayLines(connection, "down", 1_000_000))));
                scene.until(
                        "the output to wait",
                        () -> scene.served().getFirst().waits().output() == Waiting.OUTPUT);
            });
            Connection client = scene.connect(server);
            Scene.say(client, "go\n");
            assertThat(write.get()).isInstanceOf(IOException.class);
            Scene.textToEndOrReset(client);
        });
    }

    @Test
    default void halfBelongsToTheNextThread_whenItsOwnerHasEnded() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            client.releaseOutput();
            CompletableFuture<Thread> writer = new CompletableFuture<>();
            CompletableFuture<Void> end = new CompletableFuture<>();
            scene.fork("writer", () -> {
                Scene.say(client, "one\n");
                writer.complete(Thread.currentThread());
                end.get();
            });
            assertThat(Scene.line(client)).isEqualTo("one");
            Thread other = writer.get();
            assertThatThrownBy(() -> Scene.say(client, "two\n"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the output of connection " + client.number())
                    .hasMessageContaining("owner, writer");
            end.complete(null);
            scene.until("the writer to end", () -> !other.isAlive());
            Scene.say(client, "three\n");
            assertThat(Scene.line(client)).isEqualTo("three");
            client.close();
        });
    }

    @Test
    default void waitEndsNothing_whenItsTimePasses() throws Exception {
        play(scene -> {
            CompletableFuture<Void> waited = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                long start = connection.clock().nanoTime();
                assertThat(connection.reader().await(MOMENT)).isEqualTo(Arrival.NOTHING);
                assertThat(connection.reader().await(MOMENT)).isEqualTo(Arrival.NOTHING);
                assertThat(connection.reader().await(Duration.ZERO)).isEqualTo(Arrival.NOTHING);
                assertThat(Duration.ofNanos(connection.clock().nanoTime() - start))
                        .isGreaterThanOrEqualTo(MOMENT.multipliedBy(2));
                waited.complete(null);
                assertThat(connection.reader().await(Duration.ofMinutes(1))).isEqualTo(Arrival.INPUT);
                assertThat(connection.reader().await(MOMENT)).isEqualTo(Arrival.INPUT);
                Scene.say(connection, "got " + Scene.line(connection) + "\n");
                assertThat(connection.reader().await(Duration.ofMinutes(1))).isEqualTo(Arrival.END);
                assertThat(connection.reader().await(MOMENT)).isEqualTo(Arrival.END);
                Scene.say(connection, "bye\n");
            });
            Connection client = scene.connect(server);
            waited.get();
            Scene.say(client, "hello\n");
            assertThat(Scene.line(client)).isEqualTo("got hello");
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
        });
    }

    @Test
    default void everyByteIsRead_whenInputArrivesDuringShortWaits() throws Exception {
        play(scene -> {
            int size = scene.size(2_000, 200);
            CompletableFuture<String> text = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                StringBuilder all = new StringBuilder();
                for (Arrival next = Arrival.NOTHING; next != Arrival.END; ) {
                    next = connection.reader().await(Duration.ofMillis(1));
                    if (next == Arrival.INPUT) {
                        all.append((char) connection.reader().read());
                    }
                }
                text.complete(all.toString());
            });
            Connection client = scene.connect(server);
            byte[] bytes = "0123456789".repeat(size / 10).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < bytes.length; i++) {
                client.writer().write(bytes[i]);
                client.writer().flush();
                if (i % 100 == 0) {
                    scene.pause(Duration.ofMillis(2));
                }
            }
            client.shutdownOutput();
            assertThat(text.get()).isEqualTo("0123456789".repeat(size / 10));
        });
    }

    @Test
    default void idleDeadlineIsFinal_overWaitsThatAreNot() throws Exception {
        play(scene -> {
            Duration idle = Duration.ofMillis(400);
            CompletableFuture<Duration> took = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        long start = connection.clock().nanoTime();
                        assertThat(catchThrowable(() -> {
                                    while (connection.reader().await(MOMENT) == Arrival.NOTHING) {
                                        assertThat(Duration.ofNanos(
                                                        connection.clock().nanoTime() - start))
                                                .isLessThan(Duration.ofSeconds(30));
                                    }
                                }))
                                .isInstanceOf(DeadlineException.class);
                        took.complete(Duration.ofNanos(connection.clock().nanoTime() - start));
                        assertThat(catchThrowable(() -> connection.reader().await(MOMENT)))
                                .isInstanceOf(DeadlineException.class);
                    },
                    with(Limits.Deadlines.defaults().withIdle(idle)));
            assertThat(Scene.textToEnd(scene.connect(server))).isEmpty();
            assertThat(took.get()).isGreaterThanOrEqualTo(idle);
        });
    }

    @Test
    default void waitFails_whenThePeerResets() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> how = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                Scene.say(connection, "welcome\n");
                how.complete(catchThrowable(() -> {
                    while (connection.reader().await(Duration.ofMinutes(1)) != Arrival.END) {
                        // A spurious end of the wait.
                    }
                }));
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("welcome");
            client.reset();
            assertThat(how.get()).isInstanceOf(IOException.class);
        });
    }
}
