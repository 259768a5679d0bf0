package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Group;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Outbox;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Messages to many connections. */
interface GroupContract extends Contract {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    default void everyMemberGetsEachMessage_andLeavesWhenItsConversationEnds() throws Exception {
        play(scene -> {
            Group<Connection> group = Group.ofConnections();
            Server server = scene.listen(connection -> {
                assertThat(group.join(connection)).isTrue();
                assertThat(group.join(connection)).isFalse();
                Scene.echoLines(connection);
            });
            Connection one = scene.connect(server);
            scene.until("the first to join", () -> group.size() == 1);
            Connection two = scene.connect(server);
            scene.until("the second to join", () -> group.size() == 2);
            List<Connection> members = new ArrayList<>();
            group.forEach(members::add);
            assertThat(members).extracting(Connection::number).isSorted();
            assertThat(group.broadcast(bytes("all\n"))).isEqualTo(2);
            assertThat(group.broadcastExcept(members.getFirst(), bytes("second\n")))
                    .isEqualTo(1);
            assertThat(group.leave(members.get(1))).isTrue();
            assertThat(group.leave(members.get(1))).isFalse();
            assertThat(group.contains(members.get(1))).isFalse();
            assertThat(group.broadcast(bytes("first\n"))).isEqualTo(1);
            one.shutdownOutput();
            two.shutdownOutput();
            assertThat(Scene.textToEnd(one)).isEqualTo("all\nfirst\n");
            assertThat(Scene.textToEnd(two)).isEqualTo("all\nsecond\n");
            scene.until("the first to leave", () -> group.size() == 0);
            assertThat(group.broadcast(bytes("nobody\n"))).isZero();
            assertThat(group.join(members.getFirst())).isFalse();
            server.close();
            assertThat(group.broadcast(bytes("nobody\n"))).isZero();
        });
    }

    @Test
    default void messageTooLargeForOneMemberReachesTheOthers() throws Exception {
        play(scene -> {
            Group<Connection> group = Group.ofConnections();
            Server server = scene.listen(connection -> {
                group.join(connection);
                assertThat(connection.reader().await()).isFalse();
            });
            Connection small = scene.connect(server);
            scene.until("the first to join", () -> group.size() == 1);
            group.iterator().next().outbox().bounds(Outbox.Bounds.defaults().withBytes(3));
            Connection other = scene.connect(server);
            scene.until("the second to join", () -> group.size() == 2);
            assertThatThrownBy(() -> group.broadcast(bytes("large\n"))).isInstanceOf(IllegalArgumentException.class);
            assertThat(Scene.line(other)).isEqualTo("large");
            small.shutdownOutput();
            assertThat(Scene.textToEnd(small)).isEmpty();
        });
    }

    @Test
    default void membersThatStayGetAll_whileOthersComeGoResetAndStall() throws Exception {
        play(scene -> {
            int crowd = scene.size(Math.min(crowd(), 2_000), 40);
            int messages = 50;
            Group<Connection> group = Group.ofConnections();
            Limits limits = Limits.defaults().withMaxPerPeer(10_000);
            Server server = scene.listen(
                    connection -> {
                        group.join(connection);
                        Scene.say(connection, "in\n");
                        boolean _ = connection.reader().await();
                    },
                    limits);
            List<Connection> staying = new ArrayList<>();
            List<Connection> stalled = new ArrayList<>();
            List<Connection> leaving = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                Connection client = scene.connect(server);
                assertThat(Scene.line(client)).isEqualTo("in");
                client.releaseOwnership();
                (i % 4 == 0 ? leaving : i % 4 == 1 ? stalled : staying).add(client);
            }
            CompletableFuture<Void> readers = scene.fork("readers", () -> {
                for (Connection client : staying) {
                    for (int i = 0; i < messages; i++) {
                        assertThat(Scene.line(client)).isEqualTo("message " + i);
                    }
                }
            });
            CompletableFuture<Void> movers = scene.fork("movers", () -> {
                for (int i = 0; i < leaving.size(); i++) {
                    if (i % 2 == 0) {
                        leaving.get(i).reset();
                    } else {
                        leaving.get(i).close();
                    }
                    come(scene, server);
                }
            });
            for (int i = 0; i < messages; i++) {
                assertThat(group.broadcast(bytes("message " + i + "\n")))
                        .isGreaterThanOrEqualTo(staying.size() + stalled.size());
            }
            readers.get();
            movers.get();
            for (Connection client : staying) {
                client.close();
            }
            for (Connection client : stalled) {
                client.reset();
            }
            scene.until("all to leave", () -> group.size() == 0);
        });
    }

    private static void come(Scene scene, Server server) throws IOException {
        try (Connection client = scene.connect(server)) {
            assertThat(Scene.line(client)).isNotEqualTo("<end>");
        }
    }
}
