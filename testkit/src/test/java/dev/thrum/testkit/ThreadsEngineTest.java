package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What engine {@code threads} does in addition to the contract: few workers, and a queue of waiting clients. */
@ExtendWith(LeakCheck.class)
final class ThreadsEngineTest {
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);

    private static void play(int workers, int waiting, Contract.Play play) throws Exception {
        try (EngineUnderTest under = EngineUnderTest.real(Engine.threads(workers, waiting))) {
            under.run(() -> play.act(new Scene(under)));
        }
    }

    /** Greets with the worker's name, then echoes lines. Refuses with the reason. */
    private static final class Host implements ConnectionHandler {
        @Override
        public void handle(Connection connection) throws Exception {
            connection.writer().write(Thread.currentThread().getName() + "\n");
            try {
                Scene.echoLines(connection);
            } catch (DeadlineException e) {
                connection.writer().write("cut " + e.kind() + "\n");
            }
        }

        @Override
        public byte[] refusal(Refusal reason) {
            return ("refused: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    void waitingClientIsServed_whenAWorkerIsFree() throws Exception {
        play(1, 10, scene -> {
            Server server = scene.listen(new Host());
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Connection second = scene.connect(server);
            Connection third = scene.connect(server);
            Scene.say(second, "waiting\n");
            untilWaiting(scene, 2);
            first.close();
            assertThat(Scene.line(second)).isEqualTo("worker-1");
            assertThat(Scene.line(second)).isEqualTo("waiting");
            second.close();
            assertThat(Scene.line(third)).isEqualTo("worker-1");
        });
    }

    @Test
    @SuppressWarnings("ThreadPriorityCheck") // The test shows that changing the priority does no harm.
    void workerIsRestored_whenThePreviousHandlerHasChangedIt() throws Exception {
        play(1, 10, scene -> {
            Server server = scene.listen(connection -> {
                Thread worker = Thread.currentThread();
                boolean loads = worker.getContextClassLoader() != null;
                Scene.say(connection, worker.getName() + " " + worker.getPriority() + " " + loads + "\n");
                worker.setName("renamed");
                worker.setPriority(Thread.MIN_PRIORITY);
                worker.setContextClassLoader(null);
            });
            for (int i = 0; i < 3; i++) {
                assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("worker-1 5 true\n");
            }
        });
    }

    private static void untilWaiting(Scene scene, int clients) {
        scene.until(
                clients + " to wait for a worker",
                () -> scene.served().stream()
                                .filter(served -> served.waitingFor() == Waiting.WORKER)
                                .count()
                        == clients);
    }

    @Test
    void clientIsRefusedWithTheProtocolsMessage_whenQueueIsFull() throws Exception {
        play(1, 1, scene -> {
            Server server = scene.listen(new Host());
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Connection second = scene.connect(server);
            untilWaiting(scene, 1);
            for (int i = 0; i < 3; i++) {
                assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("refused: NO_WORKER\n");
            }
            scene.until("the places of the refused clients to be free", () -> server.conversations() == 2);
            first.close();
            assertThat(Scene.line(second)).isEqualTo("worker-1");
        });
    }

    @Test
    void waitingClientIsRefusedAndRunningOneFinishes_whenEngineDrains() throws Exception {
        play(1, 1, scene -> {
            Server server = scene.listen(new Host());
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Connection second = scene.connect(server);
            untilWaiting(scene, 1);
            CompletableFuture<Boolean> clean = new CompletableFuture<>();
            scene.fork("drain", () -> clean.complete(scene.engine().shutdown(AMPLE)));
            assertThat(Scene.textToEnd(second)).isEqualTo("refused: DRAINING\n");
            Scene.say(first, "still here\n");
            assertThat(Scene.line(first)).isEqualTo("still here");
            first.close();
            assertThat(clean.get()).isTrue();
        });
    }

    @Test
    void longestIdleClientIsEvictedFirst_whenOthersWaitForAWorker() throws Exception {
        play(2, 10, scene -> {
            Limits limits =
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdleUnderLoad(SHORT));
            Server server = scene.listen(new Host(), limits);
            Connection older = scene.connect(server);
            Scene.line(older);
            Connection younger = scene.connect(server);
            Scene.line(younger);
            // The older connection is used last, so the younger one is idle for longer.
            scene.pause(SHORT.multipliedBy(2));
            Scene.say(older, "not idle\n");
            assertThat(Scene.line(older)).isEqualTo("not idle");
            scene.pause(SHORT.multipliedBy(2));
            // No client waits, so none is evicted, although both are idle for longer than allowed under load.
            assertThat(scene.served()).hasSize(2);

            Connection waiting = scene.connect(server);
            assertThat(Scene.line(younger)).isEqualTo("cut IDLE");
            assertThat(Scene.line(waiting)).startsWith("worker-");
            // One client waited, so only one was evicted.
            Scene.say(older, "still here\n");
            assertThat(Scene.line(older)).isEqualTo("still here");
        });
    }

    @Test
    void noClientIsEvicted_whenOthersWaitButNoneIsIdleForLong() throws Exception {
        play(1, 10, scene -> {
            Limits limits =
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdleUnderLoad(AMPLE));
            Server server = scene.listen(
                    connection -> {
                        // A short deadline for the message does not make the client idle.
                        connection.reader().deadline(AMPLE.dividedBy(2));
                        connection.writer().write("welcome\n");
                        Scene.echoLines(connection);
                    },
                    limits);
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("welcome");
            Connection second = scene.connect(server);
            untilWaiting(scene, 1);
            scene.pause(Duration.ofMillis(500));
            Scene.say(first, "still here\n");
            assertThat(Scene.line(first)).isEqualTo("still here");
            first.close();
            assertThat(Scene.line(second)).isEqualTo("welcome");
        });
    }

    @Test
    void clientInTheMiddleOfAMessageIsNotEvicted_whenOthersWaitForAWorker() throws Exception {
        play(1, 10, scene -> {
            Limits limits =
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdleUnderLoad(SHORT));
            Server server = scene.listen(new Host(), limits);
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Scene.say(first, "half ");
            scene.untilServedWaitsFor(Waiting.INPUT);
            Connection second = scene.connect(server);
            untilWaiting(scene, 1);
            scene.pause(SHORT.multipliedBy(3));
            Scene.say(first, "a line\n");
            assertThat(Scene.line(first)).isEqualTo("half a line");
            assertThat(Scene.line(first)).isEqualTo("cut IDLE");
            assertThat(Scene.line(second)).isEqualTo("worker-1");
        });
    }

    @Test
    void mayKeepAliveIsFalse_whenOthersWaitForAWorker() throws Exception {
        play(1, 10, scene -> {
            Server server = scene.listen(connection -> {
                for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
                    connection.writer().write(connection.mayKeepAlive() + "\n");
                }
            });
            Connection first = scene.connect(server);
            Scene.say(first, "x\n");
            assertThat(Scene.line(first)).isEqualTo("true");
            Connection second = scene.connect(server);
            untilWaiting(scene, 1);
            Scene.say(first, "x\n");
            assertThat(Scene.line(first)).isEqualTo("false");
            first.close();
            Scene.say(second, "x\n");
            assertThat(Scene.line(second)).isEqualTo("true");
        });
    }

    @Test
    void workersAreNumberedAndSurvive_whenHandlersThrowErrors() throws Exception {
        play(2, 10, scene -> {
            ConnectionHandler handler = connection -> {
                Scene.say(connection, Thread.currentThread().getName() + "\n");
                Scene.line(connection);
                throw new AssertionError("asked to throw; this stack is expected");
            };
            Server server = scene.engine().listen(scene.under().anyAddress(), handler, Limits.defaults());
            for (int round = 0; round < 5; round++) {
                Connection first = scene.connect(server);
                Connection second = scene.connect(server);
                assertThat(List.of(Scene.line(first), Scene.line(second)))
                        .containsExactlyInAnyOrder("worker-1", "worker-2");
                first.close();
                second.close();
                scene.until("both to end", () -> server.conversations() == 0);
            }
        });
    }

    @Test
    void interruptDoesNotReachTheNextConversation_whenAServerIsAborted() throws Exception {
        play(1, 10, scene -> {
            for (int round = 0; round < 20; round++) {
                Server aborted = scene.listen(connection -> {
                    Scene.say(connection, "welcome\n");
                    connection.reader().await();
                });
                Connection client = scene.connect(aborted);
                assertThat(Scene.line(client)).isEqualTo("welcome");
                aborted.close();
                Server next = scene.listen(connection ->
                        Scene.say(connection, Thread.currentThread().isInterrupted() + "\n"));
                assertThat(Scene.line(scene.connect(next))).isEqualTo("false");
            }
        });
    }

    @Test
    void shutdownReturns_whenAHandlerWasLeftBehind() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> release = new CompletableFuture<>();
        play(1, 10, scene -> {
            Server server = scene.listen(connection -> {
                begun.complete(null);
                // Not interruptible, so closing can't end it.
                release.join();
            });
            scene.connect(server);
            begun.get();
            CompletableFuture<Boolean> patient = new CompletableFuture<>();
            scene.fork("patient", () -> patient.complete(server.shutdown(AMPLE)));
            scene.engine().close();
            assertThat(server.shutdown(AMPLE)).isFalse();
            server.close();
            assertThat(patient.get()).isFalse();
            release.complete(null);
        });
    }

    @Test
    void waitingClientIsRefused_whenNoWorkerIsFreeInTime() throws Exception {
        play(1, 10, scene -> {
            Server server = scene.listen(
                    new Host(),
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withRead(SHORT)));
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Connection second = scene.connect(server);
            assertThat(Scene.textToEnd(second)).isEqualTo("refused: NO_WORKER\n");
            Scene.say(first, "still here\n");
            assertThat(Scene.line(first)).isEqualTo("still here");
            scene.until("the queue to be empty", () -> server.conversations() == 1);
        });
    }

    @Test
    void queueIsFreeAgain_whenItsClientsAreRefused() throws Exception {
        play(1, 1, scene -> {
            Server server = scene.listen(new Host());
            Server other = scene.listen(new Host());
            Connection first = scene.connect(server);
            assertThat(Scene.line(first)).isEqualTo("worker-1");
            Connection waited = scene.connect(other);
            untilWaiting(scene, 1);
            assertThat(other.shutdown(AMPLE)).isTrue();
            assertThat(Scene.textToEnd(waited)).isEqualTo("refused: DRAINING\n");
            Connection next = scene.connect(server);
            untilWaiting(scene, 1);
            first.close();
            assertThat(Scene.line(next)).isEqualTo("worker-1");
        });
    }

    @Test
    void oneClientIsEvictedForEachThatWaits_whenEvictedClientsLeaveSlowly() throws Exception {
        int crowd = 4;
        play(crowd, 10, scene -> {
            CompletableFuture<Void> leave = new CompletableFuture<>();
            CompletableFuture<Void> evicted = new CompletableFuture<>();
            AtomicInteger evictions = new AtomicInteger();
            ConnectionHandler slowToLeave = connection -> {
                try {
                    connection.reader().await();
                } catch (DeadlineException e) {
                    evictions.incrementAndGet();
                    evicted.complete(null);
                    leave.join();
                }
            };
            Server server = scene.listen(
                    slowToLeave,
                    Limits.defaults().withDeadlines(Limits.Deadlines.defaults().withIdleUnderLoad(SHORT)));
            for (int i = 0; i <= crowd; i++) {
                scene.connect(server);
            }
            evicted.get();
            // Time for several searches for idle clients.
            scene.pause(SHORT.multipliedBy(3));
            assertThat(evictions).hasValue(1);
            leave.complete(null);
        });
    }

    @Test
    void refusalIsLogged_whenThereIsNoWorker() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(1, 1, scene -> {
                Server server = scene.listen(
                        new Host(),
                        Limits.defaults()
                                .withDeadlines(Limits.Deadlines.defaults().withRead(SHORT)));
                Connection first = scene.connect(server);
                assertThat(Scene.line(first)).isEqualTo("worker-1");
                Connection second = scene.connect(server);
                untilWaiting(scene, 1);
                Connection third = scene.connect(server);
                untilLastLineContains(scene, log, third, "refused: no worker is free and the waiting line is full");
                untilLastLineContains(scene, log, second, "refused: no worker for 300 ms: the read deadline passed");

                Connection fourth = scene.connect(server);
                untilWaiting(scene, 1);
                scene.fork("drain", () -> scene.engine().shutdown(AMPLE));
                untilLastLineContains(scene, log, fourth, "refused: the server drains");
                first.close();
            });
        }
    }

    @Test
    void endIsLogged_whenOthersWaitForAWorker() throws Exception {
        try (ConnectionLogCapture log = new ConnectionLogCapture()) {
            play(1, 10, scene -> {
                Server server = scene.listen(
                        new Host(),
                        Limits.defaults()
                                .withDeadlines(Limits.Deadlines.defaults().withIdleUnderLoad(SHORT)));
                Connection first = scene.connect(server);
                assertThat(Scene.line(first)).isEqualTo("worker-1");
                Connection second = scene.connect(server);
                assertThat(Scene.line(second)).isEqualTo("worker-1");
                untilLastLineContains(scene, log, first, ": idle while others wait for a worker (");
            });
        }
    }

    private static void untilLastLineContains(Scene scene, ConnectionLogCapture log, Connection client, String part) {
        scene.until(
                "the last line of the log to contain \"" + part + "\"",
                () -> !log.of(client).isEmpty() && log.of(client).getLast().contains(part));
    }

    /** Plays on an engine with one worker, which a conversation holds until the future completes; its peer is elsewhere. */
    private static void playWithItsWorkerHeld(int waiting, Held play) throws Exception {
        try (Engine elsewhere = Engine.virtual()) {
            play(1, waiting, scene -> {
                Server server = elsewhere.listen(scene.under().anyAddress(), Scene::echoLines, Limits.defaults());
                CompletableFuture<Void> end = new CompletableFuture<>();
                scene.connect(server, connection -> end.get());
                play.act(scene, server, end);
                end.complete(null);
                scene.until("every conversation to end", () -> server.conversations() == 0);
            });
        }
    }

    private interface Held {
        void act(Scene scene, Server server, CompletableFuture<Void> end) throws Exception;
    }

    private static final ConnectionHandler NONE = connection -> {
        throw new AssertionError("expected no handler to begin but it has");
    };

    @Test
    void connectFailsAndLeavesNothing_whenNoWorkerIsFreeAndNoConversationMayWait() throws Exception {
        playWithItsWorkerHeld(0, (scene, server, _) -> {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> scene.engine().connect(server.address(), AMPLE, NONE))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("all workers are busy and the waiting line is full");
                assertThat(scene.opened()).hasSize(1);
            }
        });
    }

    @Test
    void connectFailsAndLeavesNothing_whenNoWorkerIsFreeInTime() throws Exception {
        playWithItsWorkerHeld(1, (scene, server, _) -> {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> scene.engine().connect(server.address(), SHORT, NONE))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("none was free in time");
                assertThat(scene.opened()).hasSize(1);
                assertThat(scene.engine().stats().waiting()).isZero();
            }
        });
    }

    @Test
    void openedConversationBegins_whenAWorkerIsFreeInTime() throws Exception {
        playWithItsWorkerHeld(1, (scene, server, end) -> {
            CompletableFuture<String> reply = new CompletableFuture<>();
            scene.fork(
                    "second",
                    () -> scene.connect(server, connection -> {
                        Scene.say(connection, "at last\n");
                        reply.complete(Scene.line(connection));
                    }));
            scene.until("the second to wait", () -> scene.engine().stats().waiting() == 1);
            assertThat(reply).isNotDone();
            end.complete(null);
            assertThat(reply.get()).isEqualTo("at last");
        });
    }

    @Test
    void connectThatWaitsForAWorker_fails_whenTheEngineIsClosed() throws Exception {
        playWithItsWorkerHeld(1, (scene, server, _) -> {
            CompletableFuture<Throwable> how = new CompletableFuture<>();
            scene.fork(
                    "second",
                    () -> how.complete(catchThrowable(() -> scene.engine().connect(server.address(), AMPLE, NONE))));
            scene.until("the second to wait", () -> scene.engine().stats().waiting() == 1);
            scene.engine().close();
            assertThat(how.get()).isInstanceOf(IOException.class).hasMessageContaining("the engine was closed");
        });
    }

    @Test
    void openedConversation_isNotEvicted_whenOthersWaitForItsWorker() throws Exception {
        try (Engine elsewhere = Engine.virtual()) {
            play(1, 10, scene -> {
                Server peer = elsewhere.listen(scene.under().anyAddress(), Scene::echoLines, Limits.defaults());
                CompletableFuture<String> reply = new CompletableFuture<>();
                CompletableFuture<Connection> opened = new CompletableFuture<>();
                Server server = scene.listen(new Host());
                scene.connect(peer, connection -> {
                    connection.deadlines(Limits.Deadlines.defaults().withIdleUnderLoad(Duration.ofMillis(1)));
                    opened.complete(connection);
                    reply.complete(Scene.line(connection));
                });
                Connection client = scene.connect(server);
                untilWaiting(scene, 1);
                scene.pause(SHORT);
                assertThat(reply).isNotDone();
                opened.get().reset();
                assertThat(Scene.line(client)).isEqualTo("worker-1");
            });
        }
    }
}
