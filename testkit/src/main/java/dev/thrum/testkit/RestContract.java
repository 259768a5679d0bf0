package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionInfo.Waiting;
import dev.thrum.engine.DeadlineException;
import dev.thrum.engine.EngineStats.WakeUp;
import dev.thrum.engine.ExchangeHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Outbox;
import dev.thrum.engine.Server;
import dev.thrum.testkit.ExchangedLines.Talk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Protocols in exchanges, whose connections may rest between two of them. It must make no difference when they do, so it
 * holds on every engine, and on engines whose connections rest at once.
 */
@ExtendWith(LeakCheck.class)
public interface RestContract extends Contract {
    Duration AMPLE = Duration.ofSeconds(60);

    /** Whether connections rest whenever they wait for an exchange. */
    default boolean restsAtOnce() {
        return false;
    }

    private static Server listen(Scene scene, ExchangedLines handler, Limits limits) throws IOException {
        return scene.engine().listen(scene.under().anyAddress(), handler, limits);
    }

    private static Server listen(Scene scene, ExchangedLines handler) throws IOException {
        return listen(scene, handler, Limits.defaults().withMaxPerPeer(10_000));
    }

    /** How many clients rest at once in these tests. */
    private int many(Scene scene) {
        return Math.min(crowd(), scene.size(1_000, 50));
    }

    /** Clients that have exchanged a line, so that their connections wait for the next one. */
    private static List<Connection> waiting(Scene scene, Server server, int count) throws IOException {
        List<Connection> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Connection client = scene.connect(server);
            clients.add(client);
            Scene.say(client, "hello\n");
            assertThat(Scene.line(client)).isEqualTo("hello");
        }
        return clients;
    }

    private void untilAllWait(Scene scene, int count) {
        Waiting state = restsAtOnce() ? Waiting.RESTING : Waiting.EXCHANGE;
        scene.until(
                count + " connections to wait for an exchange",
                () -> scene.served().size() == count
                        && scene.served().stream()
                                .allMatch(served -> served.waitingFor() == state
                                        || (!restsAtOnce() && served.waitingFor() == Waiting.RESTING)));
    }

    private static void untilEnded(Scene scene, ExchangedLines handler, int count) {
        scene.until("the end of " + count + " sessions", () -> handler.haveEnded(count));
    }

    private static void assertEndedOnce(ExchangedLines handler, int count) {
        assertThat(handler.faults()).isEmpty();
        assertThat(handler.talks())
                .hasSize(count)
                .allMatch(talk -> talk.endings().size() == 1);
    }

    @Test
    default void exchangesAreServed_whenTheClientPauses() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            Connection client = scene.connect(server);
            for (int i = 0; i < 50; i++) {
                untilAllWait(scene, 1);
                Scene.say(client, "line " + i + "\n");
                assertThat(Scene.line(client)).isEqualTo("line " + i);
            }
            if (restsAtOnce()) {
                assertThat(scene.engine().wakeUps().get(WakeUp.INPUT)).isGreaterThanOrEqualTo(49);
            }
            client.shutdownOutput();
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            untilEnded(scene, handler, 1);
            assertEndedOnce(handler, 1);
            assertThat(handler.talks().getFirst().endings().getFirst()).isEmpty();
            assertThat(handler.talks().getFirst().exchanges()).isEqualTo(50);
        });
    }

    @Test
    default void nothingIsLostOrDoubled_whenBytesComeAsTheConnectionGoesToRest() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            int clients = Math.min(crowd(), scene.size(32, 8));
            int lines = scene.size(150, 20);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int number = i;
                all.add(scene.fork("client " + i, () -> fragmented(scene, server, number, lines)));
            }
            Scene.awaitAll(all);
            untilEnded(scene, handler, clients);
            assertEndedOnce(handler, clients);
            assertThat(handler.talks()).allMatch(talk -> talk.exchanges() == lines);
        });
    }

    /** Sends lines in two fragments, cut at every byte in turn, and now and then pauses about as long as a wake-up takes. */
    private static void fragmented(Scene scene, Server server, int number, int lines) throws Exception {
        Connection client = scene.connect(server);
        for (int i = 0; i < lines; i++) {
            String line = "client " + number + " says " + i;
            int cut = (i + number) % line.length();
            Scene.say(client, line.substring(0, cut));
            if (i % 3 == 0) {
                scene.pause(Duration.ofNanos(1_000L * (i * 7 % 200)));
            }
            Scene.say(client, line.substring(cut) + "\n");
            assertThat(Scene.line(client)).isEqualTo(line);
            if (i % 5 == 0) {
                scene.pause(Duration.ofNanos(1_000L * (i * 11 % 200)));
            }
        }
        client.shutdownOutput();
        assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
    }

    @Test
    default void everySessionEndsOnce_whenEndsAndResetsComeAsTheConnectionGoesToRest() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            int clients = scene.size(300, 60);
            for (int i = 0; i < clients; i++) {
                Connection client = scene.connect(server);
                Scene.say(client, "hello\n");
                if (i % 2 == 0) {
                    assertThat(Scene.line(client)).isEqualTo("hello");
                }
                if (i % 4 < 2) {
                    scene.pause(Duration.ofNanos(1_000L * (i * 13 % 300)));
                }
                if (i % 3 == 0) {
                    client.reset();
                } else {
                    client.shutdownOutput();
                    assertThat(Scene.textToEnd(client)).endsWith("bye\n");
                }
            }
            scene.until("no conversation to be left", () -> server.conversations() == 0);
            assertThat(handler.faults()).isEmpty();
            // A client may be reset before its conversation has begun.
            assertThat(handler.talks()).allMatch(talk -> talk.endings().size() == 1);
            assertThat(handler.talks()).hasSizeGreaterThan(clients / 2);
        });
    }

    @Test
    default void lastWordsArrive_whenTheIdleDeadlinePasses() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            int count = Math.min(200, many(scene));
            Limits.Deadlines deadlines = Limits.Deadlines.defaults().withIdle(Duration.ofMillis(700));
            Server server = listen(
                    scene, handler, Limits.defaults().withMaxPerPeer(count + 1).withDeadlines(deadlines));
            List<Connection> clients = waiting(scene, server, count);
            for (Connection client : clients) {
                assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            }
            untilEnded(scene, handler, count);
            assertEndedOnce(handler, count);
            assertThat(handler.talks())
                    .allMatch(talk -> talk.endings().getFirst().orElseThrow() instanceof DeadlineException e
                            && e.kind() == DeadlineException.Kind.IDLE);
            scene.until("no conversation to be left", () -> server.conversations() == 0);
        });
    }

    @Test
    default void idleDeadline_isNotProlonged_whenTheConnectionIsWokenForNothing() throws Exception {
        play(scene -> {
            ExchangedLines handler = new ExchangedLines(
                    talk -> talk.connection()
                            .scheduleAtFixedRate(Duration.ofMillis(50), Duration.ofMillis(50), () -> {}),
                    ExchangedLines::echo);
            Limits.Deadlines deadlines = Limits.Deadlines.defaults().withIdle(Duration.ofMillis(600));
            Server server = listen(scene, handler, Limits.defaults().withDeadlines(deadlines));
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            untilEnded(scene, handler, 1);
            assertEndedOnce(handler, 1);
        });
    }

    @Test
    default void drainIsClean_whileManyWait() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            int count = many(scene);
            Server server = listen(scene, handler);
            List<Connection> clients = waiting(scene, server, count);
            untilAllWait(scene, count);
            long start = scene.engine().clock().nanoTime();
            assertThat(server.shutdown(AMPLE)).isTrue();
            if (scene.under().simulated()) {
                assertThat(scene.engine().clock().nanoTime() - start)
                        .isLessThan(Duration.ofMillis(500).toNanos());
            }
            assertEndedOnce(handler, count);
            assertThat(handler.talks())
                    .allMatch(talk -> talk.endings().getFirst().isEmpty());
            for (Connection client : clients) {
                assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            }
            assertThat(scene.served()).isEmpty();
        });
    }

    @Test
    default void sessionsEnd_whenAnotherThreadResetsTheirConnections() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            int count = Math.min(300, many(scene));
            Server server = listen(scene, handler);
            List<Connection> clients = waiting(scene, server, count);
            untilAllWait(scene, count);
            handler.talks().forEach(talk -> talk.connection().reset());
            scene.until("no conversation to be left", () -> server.conversations() == 0);
            assertEndedOnce(handler, count);
            assertThat(handler.talks())
                    .allMatch(talk -> talk.endings().getFirst().orElseThrow() instanceof IOException);
            clients.forEach(Connection::reset);
        });
    }

    @Test
    default void sessionsEnd_whenTheEngineIsClosed() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            int count = Math.min(300, many(scene));
            Server server = listen(scene, handler);
            var _ = waiting(scene, server, count);
            untilAllWait(scene, count);
            scene.engine().close();
            assertEndedOnce(handler, count);
            assertThat(scene.engine().connections()).isEmpty();
            assertThat(server.conversations()).isZero();
        });
    }

    @Test
    default void sessionIsRunByItsTimers_andCanEndByOne() throws Exception {
        play(scene -> {
            ExchangedLines handler = new ExchangedLines(
                    talk -> {
                        for (int i = 1; i <= 3; i++) {
                            int number = i;
                            talk.connection().schedule(Duration.ofMillis(20L * i), () -> tick(talk, number));
                        }
                    },
                    ExchangedLines::echo);
            Server server = listen(scene, handler);
            Connection client = scene.connect(server);
            assertThat(Scene.textToEnd(client)).isEqualTo("tick 1\ntick 2\ntick 3\nbye\n");
            untilEnded(scene, handler, 1);
            assertThat(handler.faults()).isEmpty();
            assertThat(handler.talks().getFirst().endings().getFirst()).isEmpty();
        });
    }

    private static void tick(Talk talk, int number) throws IOException {
        talk.connection().writer().write("tick " + number + "\n");
        if (number == 3) {
            talk.end();
        }
    }

    @Test
    default void messagesArrive_withoutWakingTheSession() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            Connection client = waiting(scene, server, 1).getFirst();
            untilAllWait(scene, 1);
            Talk talk = handler.talks().getFirst();
            for (int i = 0; i < 200; i++) {
                byte[] message = ("message " + i + "\n").getBytes(StandardCharsets.UTF_8);
                assertThat(talk.connection().outbox().offer(message)).isEqualTo(Outbox.Outcome.ACCEPTED);
                assertThat(Scene.line(client)).isEqualTo("message " + i);
            }
            assertThat(talk.exchanges()).isEqualTo(1);
            untilAllWait(scene, 1);
            if (restsAtOnce()) {
                // The first exchange has woken it, if it began by resting.
                assertThat(scene.engine().wakeUps().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isLessThanOrEqualTo(1);
            }
            Scene.say(client, "last\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("last\nbye\n");
        });
    }

    @Test
    default void slowConsumerEnds_whileItsConnectionRests() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            Connection client = waiting(scene, server, 1).getFirst();
            untilAllWait(scene, 1);
            Talk talk = handler.talks().getFirst();
            byte[] message = new byte[64 * 1024];
            Outbox.Outcome outcome = Outbox.Outcome.ACCEPTED;
            while (outcome == Outbox.Outcome.ACCEPTED) {
                outcome = talk.connection().outbox().offer(message);
            }
            assertThat(outcome).isEqualTo(Outbox.Outcome.DISCONNECTED);
            scene.until("its input to end", () -> talk.connection().info().waitingFor() != Waiting.RESTING);
            var _ = Scene.bytesToEnd(client);
            untilEnded(scene, handler, 1);
            assertThat(handler.faults()).isEmpty();
        });
    }

    @Test
    default void pipelinedExchangesAreServed_withoutARest() throws Exception {
        play(scene -> {
            CountDownLatch begun = new CountDownLatch(1);
            ExchangedLines handler = new ExchangedLines(talk -> begun.countDown(), ExchangedLines::echo);
            Server server = listen(scene, handler);
            Connection client = scene.connect(server);
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                all.append("line ").append(i).append('\n');
            }
            Scene.say(client, all + "last\n");
            assertThat(Scene.textToEnd(client)).isEqualTo(all + "last\nbye\n");
            untilEnded(scene, handler, 1);
            assertThat(handler.talks().getFirst().exchanges()).isEqualTo(301);
            begun.await();
        });
    }

    @Test
    default void conversationEnds_whenAnExchangeReadsNothing() throws Exception {
        play(scene -> {
            ExchangedLines handler = new ExchangedLines(talk -> {}, talk -> true);
            Server server = listen(scene, handler);
            Connection client = scene.connect(server);
            Scene.say(client, "?");
            assertThat(Scene.textToEndOrReset(client)).isEqualTo("bye\n");
            untilEnded(scene, handler, 1);
            assertThat(handler.talks().getFirst().endings().getFirst().orElseThrow())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "expected the exchange of " + ExchangedLines.class.getName(), "to read at least one byte");
            assertThat(handler.talks().getFirst().exchanges()).isEqualTo(1);
        });
    }

    @Test
    default void conversationEnds_whenBeginOrAnExchangeThrows() throws Exception {
        play(scene -> {
            ExchangedLines failing = new ExchangedLines(
                    talk -> {
                        throw new IllegalStateException("on purpose");
                    },
                    ExchangedLines::echo);
            Connection first = scene.connect(listen(scene, failing));
            assertThat(Scene.textToEnd(first)).isEmpty();
            assertThat(failing.talks().getFirst().endings()).isEmpty();
            IllegalStateException thrown = new IllegalStateException("on purpose too");
            ExchangedLines later = new ExchangedLines(talk -> {}, talk -> {
                var _ = Scene.line(talk.connection());
                throw thrown;
            });
            Connection second = scene.connect(listen(scene, later));
            Scene.say(second, "hello\n");
            assertThat(Scene.textToEnd(second)).isEqualTo("bye\n");
            untilEnded(scene, later, 1);
            assertThat(later.talks().getFirst().endings().getFirst()).contains(thrown);
            assertThat(later.faults()).isEmpty();
        });
    }

    @Test
    default void conversationEnds_whenItsSessionFailsAtTheEnd() throws Exception {
        play(scene -> {
            CountDownLatch ended = new CountDownLatch(1);
            ExchangeHandler handler = connection -> new ExchangeHandler.Session() {
                @Override
                public boolean exchange() throws IOException {
                    return !Scene.line(connection).equals("last");
                }

                @Override
                public void ended(Optional<Throwable> reason) throws Exception {
                    ended.countDown();
                    throw new IllegalStateException("on purpose");
                }
            };
            Server server = scene.engine().listen(scene.under().anyAddress(), handler, Limits.defaults());
            Connection client = scene.connect(server);
            Scene.say(client, "first\n");
            untilAllWait(scene, 1);
            Scene.say(client, "last\n");
            assertThat(Scene.textToEnd(client)).isEmpty();
            ended.await();
            scene.until("no conversation to be left", () -> server.conversations() == 0);
            assertThat(scene.engine().stats().serving()).isZero();
        });
    }

    @Test
    default void readDeadlineEndsTheSession_whenTheRestOfAnExchangeIsMissing() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            Limits.Deadlines deadlines = Limits.Deadlines.defaults().withRead(Duration.ofMillis(300));
            Server server = listen(scene, handler, Limits.defaults().withDeadlines(deadlines));
            Connection client = waiting(scene, server, 1).getFirst();
            untilAllWait(scene, 1);
            Scene.say(client, "h");
            assertThat(Scene.textToEnd(client)).isEqualTo("bye\n");
            untilEnded(scene, handler, 1);
            assertThat(handler.talks().getFirst().endings().getFirst().orElseThrow())
                    .isInstanceOfSatisfying(
                            DeadlineException.class, e -> assertThat(e.kind()).isEqualTo(DeadlineException.Kind.READ));
        });
    }

    @Test
    default void allAreServed_whenManyThatRestSpeakAtOnce() throws Exception {
        play(scene -> {
            ExchangedLines handler = ExchangedLines.echo();
            int count = many(scene);
            Server server = listen(scene, handler);
            List<Connection> clients = waiting(scene, server, count);
            untilAllWait(scene, count);
            for (int round = 0; round < 3; round++) {
                for (Connection client : clients) {
                    Scene.say(client, "all\n");
                }
                for (Connection client : clients) {
                    assertThat(Scene.line(client)).isEqualTo("all");
                }
            }
            clients.forEach(Connection::reset);
            scene.until("no conversation to be left", () -> server.conversations() == 0);
            assertEndedOnce(handler, count);
        });
    }

    @Test
    default void statsCountWhatRests() throws Exception {
        play(scene -> {
            if (!restsAtOnce()) {
                return;
            }
            ExchangedLines handler = ExchangedLines.echo();
            Server server = listen(scene, handler);
            List<Connection> clients = waiting(scene, server, 5);
            untilAllWait(scene, 5);
            assertThat(scene.engine().stats().resting()).isEqualTo(5);
            assertThat(scene.engine().stats().running()).isZero();
            assertThat(scene.engine().stats().serving()).isEqualTo(5);
            assertThat(scene.served()).allMatch(info -> !info.waits().time().isNegative());
            clients.forEach(Connection::reset);
        });
    }
}
