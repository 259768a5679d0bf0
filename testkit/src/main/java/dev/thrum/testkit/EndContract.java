package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Server;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a stream ends: half-closed, closed, reset; and whether the last output arrives. */
interface EndContract extends Contract {
    @Test
    default void serverCanStillWrite_whenClientHasHalfClosed() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                byte[] all = Scene.bytesToEnd(connection);
                connection.writer().write("got " + all.length + "\n");
                connection.writer().flush();
                connection.writer().write("goodbye\n");
            });
            Connection client = scene.connect(server);
            client.writer().write("question");
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEqualTo("got 8\ngoodbye\n");
        });
    }

    @Test
    default void clientCanStillWrite_whenServerHasHalfClosed() throws Exception {
        play(scene -> {
            CompletableFuture<String> received = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.writer().write("say on\n");
                connection.shutdownOutput();
                received.complete(Scene.textToEnd(connection));
            });
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEqualTo("say on\n");
            Scene.say(client, "one ");
            Scene.say(client, "two");
            client.shutdownOutput();
            assertThat(received.get()).isEqualTo("one two");
        });
    }

    @Test
    default void writingFails_whenOutputWasShutDown() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            client.shutdownOutput();
            client.shutdownOutput();
            assertThatThrownBy(() -> Scene.say(client, "too late")).isInstanceOf(IOException.class);
        });
    }

    @Test
    default void readingAndWritingFail_whenHandlerHasClosed() throws Exception {
        play(scene -> {
            CompletableFuture<Void> checked = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.writer().write("bye\n");
                connection.close();
                connection.close();
                assertThatThrownBy(() -> connection.reader().read()).isInstanceOf(IOException.class);
                assertThatThrownBy(() -> connection.reader().readAvailable(new byte[9], 0, 9))
                        .isInstanceOf(IOException.class);
                assertThatThrownBy(() -> Scene.say(connection, "more")).isInstanceOf(IOException.class);
                checked.complete(null);
            });
            Connection client = scene.connect(server);
            checked.get();
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
        });
    }

    @Test
    default void handlerGetsAnIOException_whenPeerResetsMidMessage() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                Throwable failure = catchThrowable(() -> connection.reader().readExactly(10));
                if (failure == null) {
                    connection.writer().write("fine\n");
                } else {
                    seen.complete(failure);
                }
            });
            Connection rude = scene.connect(server);
            Scene.say(rude, "abc");
            scene.untilServedGot(3);
            rude.reset();
            assertThat(seen.get())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class)
                    .isNotInstanceOf(DeadlineException.class);

            Connection polite = scene.connect(server);
            Scene.say(polite, "0123456789");
            assertThat(Scene.line(polite)).isEqualTo("fine");
        });
    }

    /** The kernel may report the reset to the write, so that the read would see an ordinary end. */
    @Test
    default void handlerGetsAnIOException_whenItWritesAfterAReset() throws Exception {
        play(scene -> {
            CompletableFuture<Void> reset = new CompletableFuture<>();
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                connection.reader().readExactly(3);
                reset.get();
                seen.complete(catchThrowable(() -> {
                    connection.writer().write("late\n");
                    connection.reader().readExactly(7);
                }));
            });
            Connection rude = scene.connect(server);
            Scene.say(rude, "abc");
            scene.untilServedGot(3);
            rude.reset();
            reset.complete(null);
            assertThat(seen.get())
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class)
                    .isNotInstanceOf(DeadlineException.class);
        });
    }

    @Test
    default void peerGetsAnIOException_whenHandlerResets() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                Scene.line(connection);
                connection.reset();
                connection.reset();
            });
            Connection client = scene.connect(server);
            Scene.say(client, "x\n");
            assertThatThrownBy(() -> Scene.line(client))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class);
        });
    }

    @Test
    default void blockedReadFails_whenAnotherThreadResets() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            Connection client = scene.connect(server);
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            client.releaseOwnership();
            scene.fork("reader", () -> seen.complete(catchThrowable(() -> Scene.line(client))));
            scene.until("the client to wait", () -> scene.opened().getFirst().waitingFor() == Waiting.MESSAGE);
            client.reset();
            assertThat(seen.get()).isInstanceOf(IOException.class).isNotInstanceOf(DeadlineException.class);
            assertThat(scene.opened()).isEmpty();
        });
    }

    @Test
    default void blockedWriteFails_whenAnotherThreadResets() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                served.complete(connection);
                byte[] much = new byte[scene.size(64 << 20, 4 << 20)];
                seen.complete(catchThrowable(() -> connection.writer().write(much)));
            });
            Connection client = scene.connect(server);
            Connection connection = served.get();
            scene.untilServedWaitsFor(Waiting.OUTPUT);
            connection.reset();
            assertThat(seen.get()).isInstanceOf(IOException.class).isNotInstanceOf(DeadlineException.class);
            assertThat(client.number()).isNotEqualTo(connection.number());
        });
    }

    @Test
    default void handlerGetsAnIOException_whenPeerResetsWhileItWrites() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                byte[] chunk = new byte[10_000];
                seen.complete(catchThrowable(() -> {
                    while (true) {
                        connection.writer().write(chunk);
                    }
                }));
            });
            Connection client = scene.connect(server);
            client.reader().readExactly(1_000);
            client.reset();
            assertThat(seen.get()).isInstanceOf(IOException.class).isNotInstanceOf(DeadlineException.class);
        });
    }

    @Test
    default void lastOutputArrives_whenInputIsLeftUnread() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.reader().await();
                connection.writer().write("enough\n");
            });
            for (int i = 0; i < 5; i++) {
                Connection client = scene.connect(server);
                // The writes must not fail either: for a while the server discards the input that its handler has not
                // read.
                client.writer().write(new byte[scene.size(1 << 20, 1 << 18)]);
                client.writer().flush();
                assertThat(Scene.textToEnd(client)).isEqualTo("enough\n");
                client.close();
            }
        });
    }

    @Test
    default void lastOutputArrives_whenClientKeepsSendingAfterIt() throws Exception {
        play(scene -> {
            Server server =
                    scene.listen(connection -> connection.writer().write("no, " + Scene.line(connection) + "\n"));
            Connection client = scene.connect(server);
            Scene.say(client, "Ada\n");
            scene.until("the conversation to end", () -> scene.served().isEmpty());
            for (int i = 0; i < 20; i++) {
                Scene.say(client, "more\n");
            }
            assertThat(Scene.textToEnd(client)).isEqualTo("no, Ada\n");
        });
    }

    @Test
    default void drainIsQuick_whenClientsHaveResetTheirConnections() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            for (int i = 0; i < 20; i++) {
                Connection client = scene.connect(server);
                scene.until("the client to be served", () -> server.conversations() == 1);
                client.reset();
                scene.until("the conversation to end", () -> server.conversations() == 0);
            }
            long begun = scene.engine().clock().nanoTime();
            assertThat(scene.engine().shutdown(Duration.ofSeconds(30))).isTrue();
            assertThat(scene.engine().clock().nanoTime() - begun)
                    .isLessThan(Duration.ofSeconds(10).toNanos());
        });
    }
}
