package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Handlers and protocols that misbehave, and the promises that hold nevertheless. */
interface MishapContract extends Contract {
    Duration ENOUGH = Duration.ofSeconds(60);

    @Test
    default void replyArrives_whenItsHandlerEndsInterrupted() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.writer().write("reply\n");
                Thread.currentThread().interrupt();
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("reply\n");
        });
    }

    @Test
    default void connectionEnds_whenItsFailureCannotBeLogged() throws Exception {
        play(scene -> {
            Server server = scene.engine()
                    .listen(
                            scene.under().anyAddress(),
                            connection -> {
                                connection.writer().write("so far\n");
                                throw new Unspeakable();
                            },
                            Limits.defaults());
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("so far\n");
            scene.until("the conversation to end", () -> server.conversations() == 0);
        });
    }

    /** An exception whose message can't be read. */
    final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError("not to be logged; this stack is expected");
        }
    }

    @Test
    default void placesAreGivenBackAndTheEngineCloses_whenRefusalThrowsAnError() throws Exception {
        play(scene -> {
            ConnectionHandler handler = new ConnectionHandler() {
                @Override
                public void handle(Connection connection) throws IOException {
                    connection.reader().await();
                }

                @Override
                public byte[] refusal(Refusal reason) {
                    throw new StackOverflowError("a protocol that can't refuse; this stack is expected");
                }
            };
            Server server = scene.listen(handler, Limits.defaults().withMaxConnections(1));
            Connection inside = scene.connect(server);
            scene.until("the client to be served", () -> server.conversations() == 1);
            scene.requireRefusal(server, "");
            inside.close();
            scene.until("the place to be free", () -> server.conversations() == 0);
            Connection next = scene.connect(server);
            scene.until("the next client to be served", () -> server.conversations() == 1);
            next.close();
            assertThat(scene.engine().shutdown(ENOUGH)).isTrue();
        });
    }

    /** With several servers, their waits run at the same time instead of one after the other. */
    @Test
    default void allServersAreAbortedTogether_whenTheDrainDeadlinePasses() throws Exception {
        play(scene -> {
            CompletableFuture<Void> release = new CompletableFuture<>();
            List<Server> servers =
                    Stream.generate(() -> hung(scene, release)).limit(3).toList();
            for (Server server : servers) {
                scene.connect(server);
            }
            scene.until(
                    "all handlers to run",
                    () -> scene.served().size() == 3
                            && scene.served().stream().noneMatch(served -> served.waitingFor() == Waiting.WORKER));
            long start = scene.engine().clock().nanoTime();
            assertThat(scene.engine().shutdown(Duration.ofMillis(200))).isFalse();
            Duration took = Duration.ofNanos(scene.engine().clock().nanoTime() - start);
            release.complete(null);
            // One wait of two seconds for all of them; one after the other, it would be six.
            assertThat(took).isBetween(Duration.ofMillis(2_200), Duration.ofMillis(4_500));
        });
    }

    private static Server hung(Scene scene, CompletableFuture<Void> release) {
        try {
            return scene.listen(connection -> release.join());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void lastOutputArrives_whenTheEngineClosesRightAfterACleanDrain() throws Exception {
        play(scene -> {
            byte[] output = Scene.pattern(scene.size(2_000_000, 200_000));
            Server server = scene.listen(connection -> {
                connection.reader().await();
                connection.writer().write(output);
            });
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            Scene.say(client, "tell me\n");
            CompletableFuture<byte[]> received = new CompletableFuture<>();
            client.releaseOwnership();
            scene.fork("client", () -> {
                Scene.say(client, "and more that nobody reads\n");
                received.complete(Scene.bytesToEnd(client));
                client.close();
            });
            scene.until("the conversation to end", () -> server.conversations() == 0);
            assertThat(scene.engine().shutdown(ENOUGH)).isTrue();
            assertThat(received.get()).isEqualTo(output);
        });
    }
}
