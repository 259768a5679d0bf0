package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Which thread may use a connection. Asserted with {@code -Dthrum.debug=true}, which is set in all tests. */
interface OwnershipContract extends Contract {
    @Test
    default void useByAnotherThreadFailsAtOnce_withBothThreadsNames() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            CompletableFuture<String> owner = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                owner.complete(Thread.currentThread().getName());
                served.complete(connection);
                Scene.echoLines(connection);
            });
            Connection client = scene.connect(server);
            Connection connection = served.get();
            String other = Thread.currentThread().getName();
            assertThat(other).isNotEmpty().isNotEqualTo(owner.get());
            ownersOnly(connection)
                    .forEach((name, use) -> assertThatThrownBy(use)
                            .as(name)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("of connection " + connection.number() + " to be used by its owner, "
                                    + owner.join() + ", but " + other + " used it"));
            // None of these calls has affected the conversation.
            Scene.say(client, "still here\n");
            assertThat(Scene.line(client)).isEqualTo("still here");
        });
    }

    private static Map<String, ThrowingCallable> ownersOnly(Connection connection) {
        return Map.ofEntries(
                Map.entry("await", () -> connection.reader().await()),
                Map.entry("awaitExchange", () -> connection.reader().awaitExchange()),
                Map.entry("awaitMore", () -> connection.reader().awaitMore()),
                Map.entry("read", () -> connection.reader().read()),
                Map.entry("readAvailable", () -> connection.reader().readAvailable(new byte[1], 0, 1)),
                Map.entry("readExactly", () -> connection.reader().readExactly(1)),
                Map.entry("readLine", () -> connection.reader().readLine(1)),
                Map.entry("available", () -> connection.reader().available()),
                Map.entry("isQuiet", () -> connection.reader().isQuiet()),
                Map.entry("array", () -> connection.reader().array()),
                Map.entry("position", () -> connection.reader().position()),
                Map.entry("limit", () -> connection.reader().limit()),
                Map.entry("skip", () -> connection.reader().skip(0)),
                Map.entry("deadline", () -> connection.reader().deadline(Duration.ofSeconds(1))),
                Map.entry("clearDeadline", () -> connection.reader().clearDeadline()),
                Map.entry("write", () -> connection.writer().write('x')),
                Map.entry("write bytes", () -> connection.writer().write(new byte[1])),
                Map.entry("write text", () -> connection.writer().write("x")),
                Map.entry("writeLatin1", () -> connection.writer().writeLatin1("x")),
                Map.entry("flush", () -> connection.writer().flush()),
                Map.entry("deadlines", () -> connection.deadlines(connection.deadlines())),
                Map.entry("shutdownOutput", connection::shutdownOutput),
                Map.entry("releaseOwnership", connection::releaseOwnership),
                Map.entry("releaseInput", connection::releaseInput),
                Map.entry("releaseOutput", connection::releaseOutput),
                Map.entry("await for a time", () -> connection.reader().await(Duration.ZERO)),
                Map.entry("close", connection::close));
    }

    @Test
    default void anyThreadMayQueryAndReset() throws Exception {
        play(scene -> {
            CompletableFuture<Connection> served = new CompletableFuture<>();
            Server server = scene.listen(connection -> {
                served.complete(connection);
                connection.reader().await();
            });
            Connection client = scene.connect(server);
            Connection connection = served.get();
            assertThatCode(() -> {
                        assertThat(connection.peer()).isEqualTo(client.local());
                        assertThat(connection.local()).isEqualTo(client.peer());
                        assertThat(connection.clock()).isEqualTo(scene.engine().clock());
                        assertThat(connection.info().number()).isEqualTo(connection.number());
                        assertThat(connection.bytesOut()).isZero();
                        assertThat(connection.isDraining()).isFalse();
                        assertThat(connection.mayKeepAlive()).isTrue();
                        assertThat(connection.deadlines()).isNotNull();
                        assertThat(connection.offload(() -> "offloaded")).isEqualTo("offloaded");
                        connection.reset();
                    })
                    .doesNotThrowAnyException();
            scene.until("the conversation to end", () -> server.conversations() == 0);
        });
    }

    @Test
    default void offloadedTaskMayUseTheConnection_whenTheOwnerOffloadsIt() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                String line = connection.offload(() -> {
                    connection.writer().write("your name?\n");
                    return Scene.line(connection);
                });
                Scene.say(connection, "hello " + line + "\n");
            });
            Connection client = scene.connect(server);
            assertThat(Scene.line(client)).isEqualTo("your name?");
            Scene.say(client, "ann\n");
            assertThat(Scene.textToEnd(client)).isEqualTo("hello ann\n");
        });
    }

    @Test
    default void nextThreadOwnsIt_whenTheOwnerHasReleasedIt() throws Exception {
        play(scene -> {
            Server server = scene.listen(Scene::echoLines);
            Connection client = scene.connect(server);
            Scene.say(client, "mine\n");
            assertThat(Scene.line(client)).isEqualTo("mine");
            client.releaseOwnership();
            CompletableFuture<Void> used = new CompletableFuture<>();
            CompletableFuture<Void> end = new CompletableFuture<>();
            scene.fork("next owner", () -> {
                Scene.say(client, "yours\n");
                assertThat(Scene.line(client)).isEqualTo("yours");
                used.complete(null);
                end.get();
            });
            used.get();
            assertThatThrownBy(() -> Scene.say(client, "mine again?\n"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("owner, next owner");
            end.complete(null);
            client.reset();
        });
    }
}
