package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Outbox;
import dev.thrum.engine.Outbox.Outcome;
import dev.thrum.engine.Outbox.WhenFull;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages that other threads send to a connection. */
interface OutboxContract extends Contract {
    int SENDERS = 16;

    private static Limits outbox(int messages, WhenFull whenFull) {
        return Limits.defaults()
                .withOutbox(Outbox.Bounds.defaults().withMessages(messages).withWhenFull(whenFull));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Outcome offer(Connection to, String text) {
        return to.outbox().offer(bytes(text));
    }

    /** A handler that says its last words to a slow consumer. */
    private static ConnectionHandler saying(String words, ConnectionHandler handler) {
        return new ConnectionHandler() {
            @Override
            public void handle(Connection connection) throws Exception {
                handler.handle(connection);
            }

            @Override
            public byte[] refusal(Refusal reason) {
                return reason == Refusal.SLOW_CONSUMER ? bytes(words) : new byte[0];
            }
        };
    }

    @Test
    default void messageArrives_whenTheHandlerWaitsForInput() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                served.complete(connection);
                Scene.echoLines(connection);
            });
            Connection client = scene.connect(server);
            for (int i = 0; i < 20; i++) {
                assertThat(offer(served.get(), "message " + i + "\n")).isEqualTo(Outcome.ACCEPTED);
                assertThat(Scene.line(client)).isEqualTo("message " + i);
                Scene.say(client, "line " + i + "\n");
                assertThat(Scene.line(client)).isEqualTo("line " + i);
            }
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void linesAreWholeAndInOrder_whenManyThreadsSend() throws Exception {
        play(scene -> {
            int lines = scene.size(500, 30);
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        served.complete(connection);
                        for (int i = 0; i < lines; i++) {
                            sayInPieces(connection, SENDERS, i);
                        }
                        assertThat(connection.reader().await()).isFalse();
                    },
                    outbox(64, WhenFull.WAIT));
            Connection client = scene.connect(server);
            Connection peer = served.get();
            List<CompletableFuture<Void>> senders = new ArrayList<>();
            for (int s = 0; s < SENDERS; s++) {
                int sender = s;
                senders.add(scene.fork("sender " + s, () -> {
                    for (int i = 0; i < lines; i++) {
                        assertThat(peer.outbox().send(bytes(text(sender, i) + "\n")))
                                .isEqualTo(Outcome.ACCEPTED);
                    }
                }));
            }
            readLines(client, SENDERS + 1, lines);
            Scene.awaitAll(senders);
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    /** Writes a line as a unit of several pieces; some are so long that a piece of it is sent at once. */
    private static void sayInPieces(Connection connection, int sender, int number) throws IOException {
        String text = text(sender, number);
        connection.writer().write(text.substring(0, 2));
        connection.writer().write(text.substring(2));
        connection.writer().write('\n');
        connection.writer().flush();
    }

    private static void readLines(Connection client, int senders, int lines) throws IOException {
        Map<Integer, Integer> next = new HashMap<>();
        for (int i = 0; i < senders * lines; i++) {
            String line = Scene.line(client);
            int sender = Integer.parseInt(line.substring(0, line.indexOf(' ')));
            int number = next.merge(sender, 1, Integer::sum) - 1;
            assertThat(line).isEqualTo(text(sender, number));
        }
    }

    private static String text(int sender, int number) {
        return sender + " " + number + " " + "x".repeat(number % 97 == 96 ? 9_000 : number % 40);
    }

    @Test
    default void messagesWait_whileTheHandlerWritesAUnit() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.writer().write("one ");
                scene.fork(
                                "sender",
                                () -> assertThat(offer(connection, "message\n")).isEqualTo(Outcome.ACCEPTED))
                        .get();
                connection.writer().write("unit\n");
                connection.writer().flush();
                assertThat(connection.reader().await()).isFalse();
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("one unit");
            assertThat(Scene.line(client)).isEqualTo("message");
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEmpty();
        });
    }

    @Test
    default void newestIsDropped_whenTheOutboxIsFull() throws Exception {
        play(scene -> {
            List<Outcome> outcomes = outcomesOfFiveOffers(scene, outbox(3, WhenFull.DROP_NEWEST), "1\n2\n3\n");
            assertThat(outcomes)
                    .containsExactly(
                            Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.DROPPED, Outcome.DROPPED);
            assertThat(scene.engine().stats().messagesDropped()).isEqualTo(2);
        });
    }

    @Test
    default void oldestIsDropped_whenTheOutboxIsFull() throws Exception {
        play(scene -> {
            List<Outcome> outcomes = outcomesOfFiveOffers(scene, outbox(3, WhenFull.DROP_OLDEST), "3\n4\n5\n");
            assertThat(outcomes).containsOnly(Outcome.ACCEPTED);
            assertThat(scene.engine().stats().messagesDropped()).isEqualTo(2);
        });
    }

    @Test
    default void bytesAreBoundedToo() throws Exception {
        play(scene -> {
            Limits limits = Limits.defaults()
                    .withOutbox(Outbox.Bounds.defaults().withBytes(6).withWhenFull(WhenFull.DROP_NEWEST));
            List<Outcome> outcomes = outcomesOfFiveOffers(scene, limits, "1\n2\n3\n");
            assertThat(outcomes).endsWith(Outcome.DROPPED, Outcome.DROPPED);
        });
    }

    /** Offers lines 1 to 5 while the handler is within a unit, so that none can be sent; the client then gets these. */
    private static List<Outcome> outcomesOfFiveOffers(Scene scene, Limits limits, String expected) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        Server server = scene.listen(
                connection -> {
                    connection.writer().write("unit\n");
                    scene.fork("sender", () -> {
                                for (int i = 1; i <= 5; i++) {
                                    outcomes.add(offer(connection, i + "\n"));
                                }
                            })
                            .get();
                },
                limits);
        assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("unit\n" + expected);
        return outcomes;
    }

    @Test
    default void senderWaitsForRoom_whenThePolicySaysSo() throws Exception {
        play(scene -> {
            Server server = scene.listen(
                    connection -> {
                        connection.writer().write("unit\n");
                        assertThat(offer(connection, "1\n")).isEqualTo(Outcome.ACCEPTED);
                        assertThat(offer(connection, "2\n")).isEqualTo(Outcome.FULL);
                        CompletableFuture<Void> sender = scene.fork(
                                "sender",
                                () -> assertThat(connection.outbox().send(bytes("3\n")))
                                        .isEqualTo(Outcome.ACCEPTED));
                        assertThatThrownBy(() -> connection.outbox().send(bytes("4\n")))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("the outbox of connection " + connection.number())
                                .hasMessageContaining("its own handler must not wait");
                        assertThat(sender.isDone()).isFalse();
                        connection.writer().flush();
                        sender.get();
                    },
                    outbox(1, WhenFull.WAIT));
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo("unit\n1\n3\n");
        });
    }

    @Test
    default void senderStopsWaiting_whenTheConnectionEnds() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        connection.writer().write("unit\n");
                        assertThat(offer(connection, "1\n")).isEqualTo(Outcome.ACCEPTED);
                        served.complete(connection);
                        assertThat(catchThrowable(() -> connection.reader().await()))
                                .isInstanceOf(IOException.class);
                    },
                    outbox(1, WhenFull.WAIT));
            Connection client = scene.connect(server);
            Connection peer = served.get();
            scene.untilServedWaitsFor(Waiting.MESSAGE);
            CompletableFuture<Void> sender = scene.fork("sender", () -> {
                while (peer.outbox().send(bytes("x".repeat(100_000))) == Outcome.ACCEPTED) {
                    // Until the peer's buffers are full, and longer.
                }
            });
            scene.until("the output to wait", () -> peer.info().waits().output() == Waiting.OUTPUT);
            peer.reset();
            sender.get();
            assertThat(offer(peer, "late\n")).isEqualTo(Outcome.ENDED);
            client.reset();
        });
    }

    @Test
    default void slowConsumerGetsWhatWaitsAndALastMessage_thenItsConnectionEnds() throws Exception {
        play(scene -> {
            Server server = scene.listen(
                    saying("too slow\n", connection -> {
                        connection.writer().write("unit\n");
                        assertThat(offer(connection, "1\n")).isEqualTo(Outcome.ACCEPTED);
                        assertThat(offer(connection, "2\n")).isEqualTo(Outcome.ACCEPTED);
                        assertThat(offer(connection, "3\n")).isEqualTo(Outcome.DISCONNECTED);
                        assertThat(offer(connection, "4\n")).isEqualTo(Outcome.DISCONNECTED);
                        assertThat(connection.reader().await()).isFalse();
                    }),
                    outbox(2, WhenFull.DISCONNECT));
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEqualTo("unit\n1\n2\ntoo slow\n");
            assertThat(scene.engine().stats().slowConsumers()).isEqualTo(1);
        });
    }

    @Test
    default void slowConsumerGetsItsLastMessage_whenItReadsOnInTime() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(
                    saying("too slow\n", connection -> {
                        served.complete(connection);
                        assertThat(connection.reader().await()).isFalse();
                    }),
                    outbox(8, WhenFull.DISCONNECT));
            Connection client = scene.connect(server);
            Connection peer = served.get();
            String line = "x".repeat(scene.size(9_000, 900)) + "\n";
            int accepted = 0;
            Outcome outcome = offer(peer, line);
            for (; outcome == Outcome.ACCEPTED; outcome = offer(peer, line)) {
                accepted++;
            }
            assertThat(outcome).isEqualTo(Outcome.DISCONNECTED);
            assertThat(Scene.textToEnd(client)).isEqualTo(line.repeat(accepted) + "too slow\n");
        });
    }

    @Test
    default void clientIsCut_whenItDoesNotReadItsMessagesWithinTheWriteDeadline() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            CompletableFuture<Throwable> how = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        served.complete(connection);
                        how.complete(catchThrowable(() -> connection.reader().await()));
                    },
                    outbox(1_000, WhenFull.DROP_NEWEST)
                            .withDeadlines(Limits.Deadlines.defaults().withWrite(Duration.ofMillis(300))));
            Connection client = scene.connect(server);
            Connection peer = served.get();
            // The kernel's buffers may take a lot.
            Duration longest = Duration.ZERO;
            while (!how.isDone()) {
                offer(peer, "x".repeat(50_000) + "\n");
                scene.pause(Duration.ofMillis(1));
                Duration oldest = peer.info().messages().oldest();
                longest = oldest.compareTo(longest) > 0 ? oldest : longest;
            }
            Throwable end = how.get();
            assertThat(end).isInstanceOf(IOException.class).isNotInstanceOf(DeadlineException.class);
            assertThat(longest).isPositive();
            scene.until("the conversation to end", () -> scene.served().isEmpty());
            assertThat(offer(peer, "late\n")).isEqualTo(Outcome.ENDED);
            assertThat(peer.info().messages().waiting()).isZero();
            assertThat(peer.info().messages().dropped()).isPositive();
            assertThat(peer.outbox().oldestWait()).isZero();
            client.reset();
        });
    }

    @Test
    default void othersAreServed_whileAClientDoesNotReadItsMessages() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(
                    connection -> {
                        served.complete(connection);
                        Scene.echoLines(connection);
                    },
                    outbox(256, WhenFull.DROP_NEWEST));
            Connection stalled = scene.connect(server);
            Connection peer = served.get();
            scene.until(
                    "the output to wait",
                    () -> offer(peer, "x".repeat(999) + "\n") == Outcome.DROPPED
                            && peer.info().waits().output() == Waiting.OUTPUT);
            for (int i = 0; i < 4; i++) {
                Connection other = scene.connect(server);
                String line = "y".repeat(scene.size(9_000, 900));
                Scene.say(other, line + "\n");
                assertThat(Scene.line(other)).isEqualTo(line);
                other.close();
            }
            stalled.reset();
        });
    }

    @Test
    default void outcomeIsEnded_whenTheHandlerHasReturned() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(served::complete);
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEmpty();
            scene.until("the conversation to end", () -> scene.served().isEmpty());
            assertThat(offer(served.get(), "late\n")).isEqualTo(Outcome.ENDED);
            assertThat(served.get().outbox().send(bytes("late\n"))).isEqualTo(Outcome.ENDED);
        });
    }

    @Test
    default void messageLargerThanTheOutboxIsRefused() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            assertThatThrownBy(() -> client.outbox().offer(new byte[256 * 1024 + 1]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected a message of at most 262144 bytes but it has 262145: split it, or raise the"
                            + " bounds of the outbox");
            assertThat(offer(client, "")).isEqualTo(Outcome.ACCEPTED);
            assertThat(offer(client, "fits\n")).isEqualTo(Outcome.ACCEPTED);
            assertThat(Scene.line(client)).isEqualTo("fits");
            client.close();
        });
    }

    @Test
    default void whatWasAcceptedArrives_whenTheServerDrains() throws Exception {
        play(scene -> {
            int count = scene.size(200, 50);
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                served.complete(connection);
                assertThat(connection.reader().await()).isFalse();
            });
            Connection client = scene.connect(server);
            Connection peer = served.get();
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < count; i++) {
                assertThat(offer(peer, "message " + i + "\n")).isEqualTo(Outcome.ACCEPTED);
                expected.append("message ").append(i).append('\n');
            }
            CompletableFuture<Void> drain = scene.fork(
                    "drain",
                    () -> assertThat(server.shutdown(Duration.ofSeconds(20))).isTrue());
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEqualTo(expected.toString());
            drain.get();
            assertThat(scene.engine().stats().messagesDropped()).isZero();
        });
    }

    @Test
    default void messagesArrive_whenTheHandlerReturnsWhileAnotherThreadReads() throws Exception {
        play(scene -> {
            StringBuilder expected = new StringBuilder();
            Server server = scene.listen(connection -> {
                connection.releaseInput();
                CompletableFuture<Throwable> read = new CompletableFuture<>();
                scene.fork(
                        "reader",
                        () -> read.complete(
                                catchThrowable(() -> connection.reader().await())));
                scene.untilServedWaitsFor(Waiting.MESSAGE);
                for (int i = 0; i < 100; i++) {
                    assertThat(offer(connection, i + "\n")).isEqualTo(Outcome.ACCEPTED);
                    expected.append(i).append('\n');
                }
            });
            assertThat(Scene.textToEnd(scene.connect(server))).isEqualTo(expected.toString());
        });
    }

    @Test
    default void everyAcceptedMessageArrives_whenTheHandlerReturnsMeanwhile() throws Exception {
        play(scene -> {
            int rounds = scene.size(200, 20);
            for (int round = 0; round < rounds; round++) {
                CompletableFuture<Connection> served = new CompletableFuture<>();
                Server server = scene.listen(connection -> {
                    served.complete(connection);
                    // The end, if the outbox was full before.
                    assertThat(connection.reader().read()).isIn((int) '.', -1);
                });
                Connection client = scene.connect(server);
                Connection peer = served.get();
                Scene.say(client, ".");
                StringBuilder accepted = new StringBuilder();
                for (int i = 0; offer(peer, i + "\n") == Outcome.ACCEPTED; i++) {
                    accepted.append(i).append('\n');
                    if (i % 50 == 0) {
                        scene.pause(Duration.ofNanos(1));
                    }
                }
                // A full outbox ends the loop, too.
                assertThat(Scene.textToEnd(client)).isEqualTo(accepted.toString());
                server.close();
            }
        });
    }
}
