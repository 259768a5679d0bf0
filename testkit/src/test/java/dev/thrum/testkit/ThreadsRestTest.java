package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Engine;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.engine.spi.RestPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Connections that rest on engine {@code threads}, and what few workers mean for them. */
final class ThreadsRestTest implements RestContract {
    private static final int WORKERS = 4;
    private static final int LINE = 1_000;

    @Override
    public EngineUnderTest engineUnderTest() {
        return EngineUnderTest.real(Engine.threads(WORKERS, LINE, RestPolicy.AT_ONCE));
    }

    @Override
    public boolean restsAtOnce() {
        return true;
    }

    private static void play(int workers, int waiting, Contract.Play play) throws Exception {
        try (EngineUnderTest under = EngineUnderTest.real(Engine.threads(workers, waiting))) {
            under.run(() -> play.act(new Scene(under)));
        }
    }

    @Test
    void everyoneIsServedByTwoWorkers_alsoWhileOneOfThemIsBlocked() throws Exception {
        int count = 2_000;
        play(2, count, scene -> {
            CompletableFuture<Void> released = new CompletableFuture<>();
            ExchangedLines handler = new ExchangedLines(talk -> {}, talk -> {
                String line = Scene.line(talk.connection());
                if (line.equals("block")) {
                    released.join();
                }
                talk.connection().writer().write(line + "\n");
                return true;
            });
            Server server = scene.engine()
                    .listen(
                            scene.under().anyAddress(),
                            handler,
                            Limits.defaults().withMaxPerPeer(count).withMaxConnections(count));
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                clients.add(scene.connect(server));
            }
            Scene.say(clients.getFirst(), "block\n");
            for (int round = 0; round < 2; round++) {
                for (Connection client : clients.subList(1, count)) {
                    Scene.say(client, "hello\n");
                }
                for (Connection client : clients.subList(1, count)) {
                    assertThat(Scene.line(client)).isEqualTo("hello");
                }
            }
            released.complete(null);
            assertThat(Scene.line(clients.getFirst())).isEqualTo("block");
            assertThat(handler.faults()).isEmpty();
            clients.forEach(Connection::reset);
            scene.until("no conversation to be left", () -> server.conversations() == 0);
        });
    }

    @Test
    void exchangesAndStraightLineHandlersShareThePool() throws Exception {
        play(2, 10, scene -> {
            Server straight = scene.listen(Scene::echoLines);
            Server exchanges =
                    scene.engine().listen(scene.under().anyAddress(), ExchangedLines.echo(), Limits.defaults());
            Connection idle = scene.connect(straight);
            Scene.say(idle, "first\n");
            assertThat(Scene.line(idle)).isEqualTo("first");
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Connection client = scene.connect(exchanges);
                clients.add(client);
                Scene.say(client, "one\n");
                assertThat(Scene.line(client)).isEqualTo("one");
            }
            Connection another = scene.connect(straight);
            Scene.say(another, "second\n");
            assertThat(Scene.line(another)).isEqualTo("second");
            Scene.say(idle, "still here\n");
            assertThat(Scene.line(idle)).isEqualTo("still here");
            // Both workers are taken by straight-line handlers now, until one of their clients leaves.
            clients.forEach(client -> {
                try {
                    Scene.say(client, "two\n");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            another.shutdownOutput();
            for (Connection client : clients) {
                assertThat(Scene.line(client)).isEqualTo("two");
            }
        });
    }

    @Test
    void sessionsEndOnce_whenTheEngineIsClosedWhileThePoolIsFull() throws Exception {
        int count = 200;
        play(2, count, scene -> {
            CompletableFuture<Void> never = new CompletableFuture<>();
            ExchangedLines handler = new ExchangedLines(talk -> {}, talk -> {
                if (Scene.line(talk.connection()).equals("block")) {
                    // Until the interrupt of the engine that is closed.
                    var _ = never.get();
                }
                talk.connection().writer().write("done\n");
                return true;
            });
            Server server = scene.engine()
                    .listen(
                            scene.under().anyAddress(),
                            handler,
                            Limits.defaults().withMaxPerPeer(count));
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Connection client = scene.connect(server);
                clients.add(client);
                Scene.say(client, "hello\n");
                assertThat(Scene.line(client)).isEqualTo("done");
            }
            Scene.say(clients.get(0), "block\n");
            Scene.say(clients.get(1), "block\n");
            scene.until(
                    "both workers to be blocked", () -> scene.engine().stats().running() == 2);
            for (Connection client : clients.subList(2, count / 2)) {
                Scene.say(client, "hello\n");
            }
            scene.until(
                    "others to wait for a worker", () -> scene.engine().stats().waiting() == count / 2 - 2);
            scene.engine().close();
            assertThat(handler.faults()).isEmpty();
            assertThat(handler.talks())
                    .hasSize(count)
                    .allMatch(talk -> talk.endings().size() == 1);
            assertThat(server.conversations()).isZero();
        });
    }
}
