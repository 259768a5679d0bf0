package dev.thrum.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Faults.Direction;
import dev.thrum.simulation.LinkFaults;
import dev.thrum.simulation.Simulation;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;

/**
 * Twenty clients of a chat on a network that loses some of them. A witness, whose connection works, hears all that is said
 * and so knows its order; when the others have talked, one more client says the last line.
 */
final class ChatStorm {
    private static final int CLIENTS = 20;
    private static final int LINES = 5;
    private static final String LAST = "the end";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Simulation world;

    /**
     * What a client has heard.
     *
     * @param lines all that was said in the room, from its history on
     * @param stayed whether it has heard the last line
     */
    private record Heard(int client, List<String> lines, boolean stayed) {}

    ChatStorm(Simulation world) {
        this.world = world;
    }

    /** The witness connects first, and the client with the last line connects last. */
    static LinkFaults faults(int connection, Direction direction, RandomGenerator random) {
        LinkFaults slow = Faults.harmless().of(connection, direction, random);
        if (connection == 1 || connection > CLIENTS + 1) {
            return slow;
        }
        int position = random.nextInt(direction == Direction.TO_SERVER ? 100 : 2_000);
        return switch (random.nextInt(8)) {
            case 0 -> slow.withResetAt(position);
            case 1 -> slow.withEndAt(position);
            default -> slow;
        };
    }

    /** Runs it with clients on each of these servers of one chat, in turn. */
    void run(ConnectionHandler... chats) throws Exception {
        List<Server> servers = new ArrayList<>();
        for (ConnectionHandler chat : chats) {
            servers.add(world.engine()
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), chat, Limits.defaults()));
        }
        CountDownLatch watching = new CountDownLatch(1);
        var witness = world.fork("witness", () -> watch(servers.getFirst(), watching));
        watching.await();
        List<Simulation.Task<Heard>> clients = new ArrayList<>();
        List<CountDownLatch> talking = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            CountDownLatch talked = new CountDownLatch(1);
            talking.add(talked);
            Server server = servers.get(client % servers.size());
            clients.add(world.fork("client-" + client, () -> talk(server, client, talked)));
        }
        for (CountDownLatch talked : talking) {
            talked.await();
        }
        sayLast(servers.getLast());
        List<String> all = witness.join();
        List<Heard> heard = new ArrayList<>();
        for (Simulation.Task<Heard> client : clients) {
            heard.add(client.join());
        }
        check(all, heard);
        assertThat(world.engine().shutdown(Duration.ofMinutes(30)))
                .as("whether all conversations ended by themselves")
                .isTrue();
        assertThat(world.engine().connections()).isEmpty();
    }

    private List<String> watch(Server server, CountDownLatch watching) throws IOException {
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            Scene.say(connection, "join lobby\n");
            assertThat(Scene.line(connection)).isEqualTo("Welcome! You are guest-1.");
            assertThat(Scene.line(connection)).isEqualTo("You joined lobby (1 here).");
            watching.countDown();
            List<String> lines = new ArrayList<>();
            listen(connection, LAST, lines);
            assertThat(lines).as("what the witness heard").last().asString().endsWith(LAST);
            return lines;
        }
    }

    private void sayLast(Server server) throws IOException {
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            Scene.say(connection, "join lobby\n" + LAST + "\n");
            listen(connection, LAST, new ArrayList<>());
        }
    }

    private Heard talk(Server server, int client, CountDownLatch talked) {
        List<String> lines = new ArrayList<>();
        boolean stayed = false;
        try (Connection connection = world.engine().connect(server.address(), PATIENCE)) {
            boolean stays = converse(connection, client, lines);
            talked.countDown();
            stayed = stays && listen(connection, LAST, lines);
        } catch (IOException e) {
            world.note("client " + client + " was lost: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        } finally {
            talked.countDown(); // if it was lost before
        }
        return new Heard(client, lines, stayed);
    }

    /** Returns whether the client stays. */
    private boolean converse(Connection connection, int client, List<String> lines)
            throws IOException, InterruptedException {
        RandomGenerator random = world.random();
        pause(random.nextInt(2_000));
        Scene.say(connection, random.nextBoolean() ? "nick c-" + client + "\njoin lobby\n" : "join lobby\n");
        for (int i = 0; i < LINES; i++) {
            pause(random.nextInt(500));
            Scene.say(connection, text(client, i) + "\n");
            if (!listen(connection, text(client, i), lines)) {
                return false;
            }
        }
        switch (random.nextInt(6)) {
            case 0 -> Scene.say(connection, "quit\n");
            case 1 -> Scene.say(connection, "leave\n");
            case 2 -> connection.shutdownOutput();
            default -> {
                return true;
            }
        }
        return false;
    }

    private void pause(int millis) throws InterruptedException {
        world.clock().sleep(Duration.ofMillis(millis));
    }

    /** No beginning of it is a text, too: the network may cut a line. */
    private static String text(int client, int number) {
        return String.format("c%02d-%d.", client, number);
    }

    /** Collects what is said up to this text; returns whether it came before the end of the stream. */
    private static boolean listen(Connection connection, String last, List<String> lines) throws IOException {
        for (String line = Scene.line(connection); !line.equals("<end>"); line = Scene.line(connection)) {
            if (line.matches("[\\w-]+: .*")) {
                lines.add(line);
            }
            if (line.endsWith(": " + last)) {
                return true;
            }
        }
        return false;
    }

    private static void check(List<String> all, List<Heard> heard) {
        assertThat(all.stream().filter(line -> line.endsWith("."))).doesNotHaveDuplicates();
        for (Heard each : heard) {
            // The last line of a client that was lost may have been cut.
            int whole = each.stayed() || each.lines().isEmpty()
                    ? each.lines().size()
                    : each.lines().size() - 1;
            List<String> lines = each.lines().subList(0, whole);
            assertThat(Collections.indexOfSubList(all, lines))
                    .as("client %d heard a part of what was said, without gaps: %s of %s", each.client(), lines, all)
                    .isNotNegative();
            if (each.stayed()) {
                assertThat(lines).last().asString().endsWith(LAST);
                for (int i = 0; i < LINES; i++) {
                    String own = ": " + text(each.client(), i);
                    assertThat(all).filteredOn(line -> line.endsWith(own)).hasSize(1);
                }
            }
        }
        assertThat(heard).as("clients that stayed").anyMatch(Heard::stayed);
    }
}
