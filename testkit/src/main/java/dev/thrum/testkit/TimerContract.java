package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.base.Clock;
import dev.thrum.engine.ByteReader.Arrival;
import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Waits that other threads and timers end. */
interface TimerContract extends Contract {
    Duration LONG = Duration.ofMinutes(5);
    Duration SHORT = Duration.ofMillis(30);

    @Test
    default void waitEnds_whenAnotherThreadWakesIt() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                scene.fork("waker", () -> {
                    scene.untilServedWaitsFor(Waiting.MESSAGE);
                    connection.wake();
                });
                assertThat(connection.reader().await(LONG)).isEqualTo(Arrival.WOKEN);
                connection.wake();
                connection.wake();
                assertThat(connection.reader().await(LONG)).isEqualTo(Arrival.WOKEN);
                assertThat(connection.reader().await(SHORT)).isEqualTo(Arrival.NOTHING);
                Scene.say(connection, "go\n");
                assertThat(connection.reader().await(LONG)).isEqualTo(Arrival.INPUT);
                assertThat(Scene.line(connection)).isEqualTo("line");
                assertThat(connection.reader().await(LONG)).isEqualTo(Arrival.END);
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("go");
            Scene.say(client, "line\n");
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void noWakeUpIsLost_whenItComesAsTheWaitBegins() throws Exception {
        play(scene -> {
            int rounds = scene.size(3_000, 200);
            Queue<Integer> there = new ConcurrentLinkedQueue<>();
            Queue<Integer> back = new ConcurrentLinkedQueue<>();
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                served.complete(connection);
                relay(connection, there, back);
            });
            Connection client = scene.connect(server);
            client.releaseOwnership();
            Connection peer = served.get();
            CompletableFuture<Void> other = scene.fork("other", () -> {
                for (int i = 0; i < rounds; i++) {
                    there.add(i);
                    peer.wake();
                    int expected = i;
                    while (back.isEmpty()) {
                        assertThat(client.reader().await(LONG)).isEqualTo(Arrival.INPUT);
                        assertThat(client.reader().read()).isEqualTo('.');
                    }
                    assertThat(back.poll()).isEqualTo(expected);
                }
                there.add(-1);
                peer.wake();
            });
            other.get();
        });
    }

    /** Sends a byte for each number that it finds, until -1. */
    private static void relay(Connection connection, Queue<Integer> there, Queue<Integer> back) throws IOException {
        while (true) {
            assertThat(connection.reader().await(LONG)).isEqualTo(Arrival.WOKEN);
            for (Integer next = there.poll(); next != null; next = there.poll()) {
                if (next < 0) {
                    return;
                }
                back.add(next);
                connection.writer().write('.');
                connection.writer().flush();
            }
        }
    }

    @Test
    default void inputIsWhole_whenWakeUpsComeMeanwhile() throws Exception {
        play(scene -> {
            int lines = scene.size(1_000, 100);
            CompletableFuture<Void> all = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                CompletableFuture<Void> waker = scene.fork("waker", () -> {
                    while (!all.isDone()) {
                        connection.wake();
                        scene.pause(Duration.ofNanos(100_000));
                    }
                });
                for (int i = 0; i < lines; ) {
                    if (connection.reader().await(LONG) == Arrival.INPUT) {
                        assertThat(Scene.line(connection)).isEqualTo("line " + i++);
                    }
                }
                all.complete(null);
                waker.get();
            });
            Connection client = scene.connect(server);
            for (int i = 0; i < lines; i++) {
                Scene.say(client, "line " + i + "\n");
            }
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void taskRunsOnTheHandlersThread_whileItWaitsForInput() throws Exception {
        play(scene -> {
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            CompletableFuture<Thread> handler = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                handler.complete(Thread.currentThread());
                Clock.Timer _ = connection.schedule(SHORT, () -> {
                    ran.complete(Thread.currentThread());
                    connection.writer().write("tick\n");
                });
                Clock.Timer cancelled =
                        connection.schedule(SHORT, () -> connection.writer().write("cancelled\n"));
                cancelled.cancel();
                Scene.echoLines(connection);
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("tick");
            Scene.say(client, "one\n");
            assertThat(Scene.line(client)).isEqualTo("one");
            assertThat(ran.get()).isEqualTo(handler.get());
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void taskRunsAgainAndAgain_andMissedRunsAreNotMadeUpFor() throws Exception {
        play(scene -> {
            AtomicInteger runs = new AtomicInteger();
            Server server = scene.listen(connection -> {
                Clock.Timer _ = connection.scheduleAtFixedRate(SHORT, SHORT, () -> {
                    runs.incrementAndGet();
                    Scene.say(connection, "tick\n");
                });
                scene.pause(SHORT.multipliedBy(10));
                assertThat(runs).hasValue(0);
                assertThat(connection.reader().await(Duration.ofMillis(1))).isEqualTo(Arrival.NOTHING);
                assertThat(runs.get()).isBetween(1, 2);
                assertThat(connection.reader().await()).isFalse();
            });
            Connection client = scene.connect(server);
            for (int i = 0; i < 5; i++) {
                assertThat(Scene.line(client)).isEqualTo("tick");
            }
            client.shutdownOutput();
            assertThat(Scene.textToEndOrReset(client)).matches("(tick\n)*");
            scene.until("the conversation to end", () -> scene.served().isEmpty());
            int atEnd = runs.get();
            scene.pause(SHORT.multipliedBy(3));
            assertThat(runs).hasValue(atEnd);
        });
    }

    @Test
    default void waitThrows_whatATaskThrows() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                Clock.Timer _ = connection.schedule(SHORT, () -> {
                    throw new IOException("the task failed");
                });
                assertThat(catchThrowable(() -> connection.reader().await())).hasMessage("the task failed");
                Scene.say(connection, "went on\n");
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("went on\n");
        });
    }

    @Test
    default void badTimesAreRefused() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                assertThatThrownBy(() -> connection.schedule(Duration.ofSeconds(-1), () -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("expected a delay of zero or more but it was ");
                assertThatThrownBy(() -> connection.scheduleAtFixedRate(SHORT, Duration.ZERO, () -> {}))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("expected a period above zero but it was ");
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEmpty();
            assertThatThrownBy(() -> scene.engine().schedule(Duration.ofSeconds(-1), () -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        });
    }

    @Test
    default void timersOfManyConnectionsRaceWithTheirEnds() throws Exception {
        play(scene -> {
            int clients = scene.size(100, 20);
            Server server = scene.listen(connection -> {
                Clock.Timer _ = connection.scheduleAtFixedRate(
                        Duration.ZERO,
                        Duration.ofMillis(1),
                        () -> connection.writer().write("."));
                assertThat(connection.reader().await()).isFalse();
            });
            for (int i = 0; i < clients; i++) {
                Connection client = scene.connect(server);
                assertThat(client.reader().read()).isEqualTo('.');
                if (i % 2 == 0) {
                    client.shutdownOutput();
                    Scene.textToEndOrReset(client);
                }
                client.close();
            }
            scene.until("the conversations to end", () -> scene.served().isEmpty());
        });
    }

    @Test
    default void taskOfTheEngineRuns_whereItMayWait() throws Exception {
        play(scene -> {
            CompletableFuture<String> got = new CompletableFuture<>();
            Server server = scene.listen(Scene::echoLines);
            Clock.Timer _ = scene.engine().schedule(SHORT, () -> {
                try (Connection client = scene.connect(server)) {
                    Scene.say(client, "scheduled\n");
                    got.complete(Scene.line(client));
                } catch (IOException e) {
                    got.completeExceptionally(e);
                }
            });
            assertThat(got.get()).isEqualTo("scheduled");
        });
    }
}
