package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/** Which clients are admitted, and what the others receive. */
interface AdmissionContract extends Contract {
    /** Greets, waits for a line, ends. Refuses with the reason and leaves its thread interrupted, which must do no harm. */
    final class Host implements ConnectionHandler {
        @Override
        public void handle(Connection connection) throws Exception {
            connection.writer().write("welcome\n");
            connection.reader().readLine(100);
        }

        @Override
        public byte[] refusal(Refusal reason) {
            Thread.currentThread().interrupt();
            return ("refused: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    @Test
    default void clientIsRefusedWithTheProtocolsMessage_whenServerIsFull() throws Exception {
        play(scene -> {
            Server server = scene.listen(new Host(), Limits.defaults().withMaxConnections(2));
            Connection first = greeted(scene, server);
            Connection second = greeted(scene, server);
            for (int i = 0; i < 5; i++) {
                scene.requireRefusal(server, "refused: SERVER_FULL\n");
            }
            assertThat(scene.served()).hasSize(2);
            assertThat(server.conversations()).isEqualTo(2);
            Scene.say(first, "bye\n");
            assertThat(Scene.line(first)).isEqualTo("<end>");
            Connection third = connectUntilAdmitted(scene, server);
            assertThat(List.of(second.number(), third.number())).doesNotHaveDuplicates();
        });
    }

    @Test
    default void refusalArrives_whenClientHasAlreadySentMuchData() throws Exception {
        play(scene -> {
            Server server = scene.listen(new Host(), Limits.defaults().withMaxConnections(1));
            greeted(scene, server);
            if (scene.under().encrypted()) {
                // A client sends nothing before the handshake.
                return;
            }
            for (int i = 0; i < 5; i++) {
                Connection eager = scene.connect(server);
                eager.writer().write(new byte[300_000]);
                eager.writer().flush();
                assertThat(Scene.textToEnd(eager)).isEqualTo("refused: SERVER_FULL\n");
            }
        });
    }

    @Test
    default void clientIsRefused_whenItsAddressHasTooManyConnections() throws Exception {
        play(scene -> {
            Server server = scene.listen(new Host(), Limits.defaults().withMaxPerPeer(1));
            Connection first = greeted(scene, server);
            scene.requireRefusal(server, "refused: PEER_LIMIT\n");
            first.close();
            connectUntilAdmitted(scene, server);
        });
    }

    @Test
    default void clientIsRefusedWithoutAMessage_whenTheProtocolHasNoneOrFails() throws Exception {
        play(scene -> {
            Limits one = Limits.defaults().withMaxConnections(1);
            Server silent = scene.listen(connection -> connection.reader().await(), one);
            Connection inside = scene.connect(silent);
            scene.until("the client to be served", () -> silent.conversations() == 1);
            scene.requireRefusal(silent, "");

            Server failing = scene.listen(
                    new ConnectionHandler() {
                        @Override
                        public void handle(Connection connection) {}

                        @Override
                        public byte[] refusal(Refusal reason) {
                            throw new IllegalStateException("a protocol that can't refuse; this stack is expected");
                        }
                    },
                    one);
            scene.requireRefusal(failing, "");
            scene.requireRefusal(failing, "");
            inside.close();
        });
    }

    @Test
    default void connectionsOfAllServersCount_whenEachHasItsOwnLimit() throws Exception {
        play(scene -> {
            Server small = scene.listen(new Host(), Limits.defaults().withMaxConnections(2));
            Server large = scene.listen(new Host(), Limits.defaults().withMaxConnections(3));
            greeted(scene, small);
            greeted(scene, large);
            scene.requireRefusal(small, "refused: SERVER_FULL\n");
            greeted(scene, large);
            scene.requireRefusal(large, "refused: SERVER_FULL\n");
        });
    }

    @Test
    default void placeIsGivenBack_whenConversationEndsInAnyWay() throws Exception {
        play(scene -> {
            ConnectionHandler handler = connection -> {
                connection.writer().write("welcome\n");
                switch (Scene.line(connection)) {
                    case "throw" -> throw new IllegalStateException("asked to throw; this stack is expected");
                    case "reset" -> connection.reset();
                    case "close" -> connection.close();
                    default -> {}
                }
            };
            // The place of the only conversation is given back shortly after its client has seen the end.
            Limits one = Limits.defaults().withMaxConnections(1);
            Server server = scene.engine().listen(scene.under().anyAddress(), handler, one);
            for (String way : List.of("throw", "reset", "close", "end", "throw", "leave", "rude", "end")) {
                Connection client = connectUntilAdmitted(scene, server);
                switch (way) {
                    case "leave" -> client.close();
                    case "rude" -> client.reset();
                    default -> Scene.say(client, way + "\n");
                }
                scene.until("the conversation to end by " + way, () -> server.conversations() == 0);
                client.reset();
            }
        });
    }

    @Test
    default void numbersIncrease_whenClientsConnectOneAfterAnother() throws Exception {
        play(scene -> {
            Server server = scene.listen(connection -> {
                connection.writer().write(connection.number() + "\n");
                connection.reader().await();
            });
            List<Long> numbers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                try (Connection client = scene.connect(server)) {
                    numbers.add(Long.valueOf(Scene.line(client)));
                }
            }
            assertThat(numbers).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    default void connectFailsAndNamesTheAddress_whenNoServerListens() throws Exception {
        play(scene -> {
            Server server = scene.listen(new Host());
            InetSocketAddress address = server.address();
            server.close();
            assertThatThrownBy(() -> scene.engine().connect(address, Scene.CONNECT_PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(String.valueOf(address.getPort()))
                    .hasMessageContaining(address.getAddress().getHostAddress());
            assertThat(scene.engine().connections()).isEmpty();
        });
    }

    @Test
    default void connectAndListenFailAndNameTheHost_whenItCannotBeResolved() throws Exception {
        play(scene -> {
            InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no.such.host.invalid", 80);
            assertThatThrownBy(() -> scene.engine().connect(nowhere, Scene.CONNECT_PATIENCE))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("no.such.host.invalid");
            assertThatThrownBy(() -> scene.engine().listen(nowhere, new Host(), Limits.defaults()))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("no.such.host.invalid");
        });
    }

    @Test
    default void listenFailsAndNamesTheAddress_whenItIsTaken() throws Exception {
        play(scene -> {
            InetSocketAddress taken = scene.listen(new Host()).address();
            assertThatThrownBy(() -> scene.engine().listen(taken, new Host(), Limits.defaults()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(String.valueOf(taken.getPort()));
        });
    }

    private static Connection greeted(Scene scene, Server server) throws IOException {
        Connection client = scene.connect(server);
        assertThat(Scene.line(client)).isEqualTo("welcome");
        return client;
    }

    /** Connects again until a client is admitted, because a place becomes free only some time after its client has left. */
    private static Connection connectUntilAdmitted(Scene scene, Server server) throws Exception {
        for (int tries = 0; tries < 1_000; tries++) {
            Optional<Connection> client = admitted(scene, server);
            if (client.isPresent()) {
                return client.get();
            }
            scene.pause(Duration.ofMillis(5));
        }
        throw new AssertionError("expected a place to be given back but none was");
    }

    private static Optional<Connection> admitted(Scene scene, Server server) throws IOException {
        try {
            Connection client = scene.connect(server);
            if (Scene.line(client).equals("welcome")) {
                return Optional.of(client);
            }
            client.close();
        } catch (SSLException e) {
            // An alert, instead of a refusal.
        }
        return Optional.empty();
    }
}
