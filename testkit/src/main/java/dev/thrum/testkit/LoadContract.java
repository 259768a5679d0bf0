package dev.thrum.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Many clients at once, with and without resets. */
interface LoadContract extends Contract {
    int ROUNDS = 5;

    @Test
    default void eachClientGetsItsOwnReplies_whenManyAreConnectedAtOnce() throws Exception {
        play(scene -> {
            int crowd = crowd();
            Limits limits = Limits.defaults().withMaxConnections(crowd).withMaxPerPeer(crowd);
            Server server = scene.listen(Scene::echoLines, limits);
            CountDownLatch connected = new CountDownLatch(crowd);
            CompletableFuture<Void> begin = new CompletableFuture<>();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                String name = "client " + i;
                clients.add(scene.fork(name, () -> {
                    try (Connection client = scene.connect(server)) {
                        connected.countDown();
                        begin.get();
                        for (int round = 0; round < ROUNDS; round++) {
                            String text = name + " in round " + round;
                            Scene.say(client, text + "\n" + text + ", again\n");
                            assertThat(Scene.line(client)).isEqualTo(text);
                            assertThat(Scene.line(client)).isEqualTo(text + ", again");
                        }
                    }
                }));
            }
            connected.await();
            scene.until("all to be served at once", () -> server.conversations() == crowd);
            begin.complete(null);
            Scene.awaitAll(clients);
            scene.until("all to be gone", () -> server.conversations() == 0);
            assertThat(scene.served()).isEmpty();
        });
    }

    @Test
    default void serverGoesOn_whenManyClientsResetAtRandom() throws Exception {
        play(scene -> {
            int crowd = Math.min(200, crowd());
            // What nobody reads must fit into the buffers on the way.
            int longest = scene.size(5_000, 1_000);
            Server server = scene.listen(Scene::echoLines);
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                Random random = new Random(i);
                clients.add(scene.fork("client " + i, () -> {
                    Connection client = scene.connect(server);
                    int exchanges = random.nextInt(20);
                    for (int exchange = 0; exchange < exchanges; exchange++) {
                        Scene.say(client, "x".repeat(random.nextInt(longest)) + "\n");
                        if (random.nextBoolean()) {
                            Scene.line(client);
                        }
                    }
                    if (random.nextInt(3) > 0) {
                        Scene.say(client, "half a li");
                        client.reset();
                    } else {
                        client.close();
                    }
                }));
            }
            Scene.awaitAll(clients);
            scene.until("all to be gone", () -> server.conversations() == 0);
            assertThat(scene.engine().connections()).isEmpty();
            anotherClientIsServed(scene, server);
        });
    }

    private static void anotherClientIsServed(Scene scene, Server server) throws IOException {
        Connection client = scene.connect(server);
        Scene.say(client, "still there?\n");
        assertThat(Scene.line(client)).isEqualTo("still there?");
    }
}
