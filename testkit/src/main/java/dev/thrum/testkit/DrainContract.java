package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How servers and engines drain and close. */
interface DrainContract extends Contract {
    Duration AMPLE = Duration.ofSeconds(60);

    @Test
    default void runningConversationsFinishAndNoneBegins_whenEngineDrains() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            Server other = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            Scene.say(client, "before\n");
            assertThat(Scene.line(client)).isEqualTo("before");

            CompletableFuture<Boolean> clean = new CompletableFuture<>();
            scene.fork("drain", () -> clean.complete(scene.engine().shutdown(AMPLE)));
            scene.until("the servers to stop accepting", () -> refuses(scene, server) && refuses(scene, other));
            Scene.say(client, "after\n");
            assertThat(Scene.line(client)).isEqualTo("after");
            assertThat(clean).isNotDone();
            client.shutdownOutput();
            assertThat(Scene.line(client)).isEqualTo("<end>");
            assertThat(clean.get()).isTrue();
            assertThat(server.conversations()).isZero();
        });
    }

    @Test
    default void otherServersGoOn_whenOneServerDrains() throws Exception {
        play(scene -> {
            Server ending = scene.listen(Scene::echoLines);
            Server staying = scene.listen(Scene::echoLines);
            assertThat(ending.shutdown(AMPLE)).isTrue();
            assertThat(refuses(scene, ending)).isTrue();
            Connection client = scene.connect(staying);
            Scene.say(client, "still here\n");
            assertThat(Scene.line(client)).isEqualTo("still here");
        });
    }

    private static boolean refuses(Scene scene, Server server) {
        try (Connection client = scene.connect(server)) {
            return client.number() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    default void conversationsAreResetAndInterrupted_whenTheDrainDeadlinePasses() throws Exception {
        play(scene -> {
            CompletableFuture<Throwable> reader = new CompletableFuture<>();
            CompletableFuture<Throwable> sleeper = new CompletableFuture<>();
            Server reading = scene.listen(connection -> reader.complete(catchThrowable(() -> Scene.line(connection))));
            Server sleeping =
                    scene.listen(connection -> sleeper.complete(catchThrowable(() -> new CountDownLatch(1).await())));
            Connection first = scene.connect(reading);
            Connection second = scene.connect(sleeping);
            scene.until(
                    "both to run",
                    () -> scene.served().size() == 2
                            && scene.served().stream().noneMatch(served -> served.waitingFor() == Waiting.WORKER));

            long start = scene.engine().clock().nanoTime();
            assertThat(scene.engine().shutdown(Duration.ofMillis(300))).isFalse();
            assertThat(scene.engine().clock().nanoTime() - start)
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300).toNanos());
            assertThat(reader.get()).isInstanceOf(IOException.class);
            assertThat(sleeper.get()).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> Scene.line(first)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> Scene.line(second)).isInstanceOf(IOException.class);
        });
    }

    @Test
    default void keepAliveEnds_whenEngineOrServerDrains() throws Exception {
        play(scene -> {
            CountDownLatch drains = new CountDownLatch(1);
            Server server = scene.listen(connection -> {
                do {
                    connection.writer().write(Scene.line(connection) + "\n");
                } while (connection.mayKeepAlive());
            });
            Server other = scene.listen(connection -> {
                Scene.line(connection);
                connection.writer().write(connection.mayKeepAlive() + "\n");
            });
            Connection client = scene.connect(server);
            Scene.say(client, "one\n");
            assertThat(Scene.line(client)).isEqualTo("one");
            Connection neighbour = scene.connect(other);
            scene.until("the neighbour to be served", () -> other.conversations() == 1);
            scene.fork("drain", () -> {
                assertThat(server.shutdown(AMPLE)).isTrue();
                drains.countDown();
            });
            scene.until("the server to drain", () -> refuses(scene, server));
            Scene.say(client, "two\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("two\n");
            drains.await();
            Scene.say(neighbour, "may I stay?\n");
            assertThat(Scene.line(neighbour)).isEqualTo("true");

            Server last = scene.listen(connection -> {
                connection.writer().write(Scene.line(connection) + "\n");
                connection.writer().write(connection.mayKeepAlive() + " " + Scene.line(connection) + " ");
                connection.writer().write(connection.mayKeepAlive() + "\n");
            });
            Connection lastClient = scene.connect(last);
            Scene.say(lastClient, "one\n");
            assertThat(Scene.line(lastClient)).isEqualTo("one");
            scene.fork(
                    "drain all",
                    () -> assertThat(scene.engine().shutdown(AMPLE)).isTrue());
            scene.until("the last server to drain", () -> refuses(scene, last));
            Scene.say(lastClient, "two\n");
            assertThat(Scene.line(lastClient)).isEqualTo("true two false");
        });
    }

    @Test
    default void conversationEndsBetweenExchanges_whenServerDrains() throws Exception {
        play(scene -> {
            Server server = scene.listen(DrainContract::exchangeLines);
            Connection client = scene.connect(server);
            Scene.say(client, "hello\n");
            assertThat(Scene.line(client)).isEqualTo("hello");
            scene.untilServedWaitsFor(Waiting.EXCHANGE);
            assertThat(server.shutdown(AMPLE)).isTrue();
            assertThat(Scene.textToEnd(client)).isEqualTo("over\n");
        });
    }

    @Test
    default void exchangeInFlightIsServed_whenServerDrains() throws Exception {
        play(scene -> {
            if (!scene.under().simulated()) {
                // Only in the simulation is it certain which bytes arrive before the grace period ends.
                return;
            }
            Server server = scene.listen(DrainContract::exchangeLines);
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.EXCHANGE);
            scene.fork("drain", () -> assertThat(server.shutdown(AMPLE)).isTrue());
            scene.pause(Duration.ofMillis(100));
            Scene.say(client, "first\n");
            assertThat(Scene.line(client)).isEqualTo("first");
            scene.pause(Duration.ofMillis(100));
            Scene.say(client, "second\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("second\nover\n");
        });
    }

    private static void exchangeLines(Connection connection) throws IOException {
        while (connection.reader().awaitExchange()) {
            connection.writer().write(Scene.line(connection) + "\n");
        }
        connection.writer().write("over\n");
    }

    @Test
    default void closeReturnsQuicklyWithoutFailure_whenManyThreadsCloseTheServer() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            Connection client = scene.connect(server);
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            List<CompletableFuture<Void>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(scene.fork("closer " + i, server::close));
            }
            Scene.awaitAll(closers);
            server.close();
            // One conversation did not end by itself, and every later call reports that.
            assertThat(server.shutdown(AMPLE)).isFalse();
            assertThat(server.conversations()).isZero();
            assertThatThrownBy(() -> Scene.line(client)).isInstanceOf(IOException.class);
        });
    }

    @Test
    default void waitWithATime_isWoken_whenTheServerDrains() throws Exception {
        play(scene -> {
            CompletableFuture<Arrival> arrived = new CompletableFuture<>();
            CompletableFuture<Arrival> writing = new CompletableFuture<>();
            Server reads = scene.listen(
                    connection -> arrived.complete(connection.reader().await(Duration.ofHours(1))));
            Connection first = scene.connect(reads);
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            assertThat(reads.shutdown(AMPLE)).isTrue();
            assertThat(arrived).isCompletedWithValue(Arrival.WOKEN);
            assertThat(Scene.line(first)).isEqualTo("<end>");

            Server writes = scene.listen(
                    connection -> writing.complete(connection.reader().awaitEnd(Duration.ofHours(1))));
            Connection second = scene.connect(writes);
            Scene.say(second, "not the end");
            scene.until(
                    "the handler to wait",
                    () -> scene.served().stream()
                            .anyMatch(served -> served.waitingFor() == Waiting.PAUSE && served.bytesIn() == 11));
            assertThat(writes.shutdown(AMPLE)).isTrue();
            assertThat(writing).isCompletedWithValue(Arrival.WOKEN);
        });
    }

    @Test
    default void everythingEnds_whenManyThreadsCloseTheEngine() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> connection.reader().await());
            Connection client = scene.connect(server);
            CompletableFuture<Throwable> seen = new CompletableFuture<>();
            client.releaseOwnership();
            scene.fork("client", () -> seen.complete(catchThrowable(() -> Scene.line(client))));
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            List<CompletableFuture<Void>> closers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closers.add(scene.fork("closer " + i, scene.engine()::close));
            }
            Scene.awaitAll(closers);
            assertThat(seen.get()).isInstanceOf(IOException.class);
            scene.engine().close();
            server.close();
            // One conversation did not end by itself, and every later call reports that.
            assertThat(server.shutdown(AMPLE)).isFalse();
            assertThat(scene.engine().connections()).isEmpty();
            assertThatThrownBy(() -> scene.listen(Scene::echoLines)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> scene.connect(server)).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    default void listenFails_whenEngineHasDrained() throws Exception {
        play(scene -> {
            assertThat(scene.engine().shutdown(AMPLE)).isTrue();
            assertThatThrownBy(() -> scene.listen(Scene::echoLines, Limits.defaults()))
                    .isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    default void closeReturns_whenHandlerClosesItsOwnServer() throws Exception {
        play(scene -> {
            CompletableFuture<Server> own = new CompletableFuture<>();
            CompletableFuture<Void> closed = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                own.get().close();
                closed.complete(null);
            });
            own.complete(server);
            // The reset may arrive before connect returns.
            Throwable seen = catchThrowable(() -> {
                Connection client = scene.connect(server);
                closed.get();
                Scene.line(client);
            });
            assertThat(seen).isInstanceOf(IOException.class);
            scene.until("the conversation to end", () -> server.conversations() == 0);
        });
    }
}
