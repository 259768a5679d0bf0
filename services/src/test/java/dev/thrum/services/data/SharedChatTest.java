package dev.thrum.services.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.store.ChatEntries;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A chat on two servers of one PostgreSQL database. */
@Timeout(180)
@ExtendWith({ChatDatabase.Start.class, LeakCheck.class})
final class SharedChatTest {
    private static final SharedChat.Timing DEFAULTS = SharedChat.Timing.defaults();
    private static final SharedChat.Timing QUICK =
            new SharedChat.Timing(Duration.ofMillis(100), Duration.ofMillis(1_000));
    private static final String AWAY = "! The chat can't reach its database now: nothing was done, try again later.";
    private static final String LATER = "! The chat can't reach its database now: this will be done as soon as it can.";
    private static final int TALKERS = 8;
    private static final int LINES = 25;
    private static final int FAULTS = 6;

    private final ChatDatabase database = new ChatDatabase();

    private static Connection enter(ChatNode node, String name) throws IOException {
        Connection client = node.connect();
        assertThat(Scene.line(client)).isEqualTo("Welcome! You are " + name + ".");
        return client;
    }

    private static void asks(Connection client, String line, String... replies) throws IOException {
        Scene.say(client, line + "\n");
        hears(client, replies);
    }

    private static void hears(Connection client, String... lines) throws IOException {
        for (String line : lines) {
            assertThat(Scene.line(client)).isEqualTo(line);
        }
    }

    @Test
    void clientsOfTwoServers_areInOneChat() throws Exception {
        try (ChatNode one = new ChatNode(database, DEFAULTS);
                ChatNode other = new ChatNode(database, DEFAULTS);
                Connection ann = enter(one, "guest-1");
                Connection bob = enter(other, "guest-2")) {
            asks(ann, "nick Ann", "You are now Ann.");
            asks(bob, "nick Ann", "! That name is taken.");
            asks(ann, "join lobby", "You joined lobby (1 here).");
            asks(ann, "caf\u00e9 \ud83d\ude00\ttab", "Ann: caf\u00e9 \ud83d\ude00\ttab");
            asks(bob, "join lobby", "You joined lobby (2 here).", "Ann: caf\u00e9 \ud83d\ude00\ttab");
            hears(ann, "* guest-2 joined");
            asks(bob, "who", "lobby: Ann guest-2");
            asks(ann, "rooms", "lobby (2)", "1 rooms.");
            asks(ann, "msg guest-2 psst", "(to guest-2) psst");
            hears(bob, "(private) Ann: psst");
            asks(bob, "\u0001".repeat(500), "guest-2: " + "\\u0001".repeat(500));
            hears(ann, "guest-2: " + "\\u0001".repeat(500));
            asks(bob, "quit", "Goodbye!");
            hears(ann, "* guest-2 left");
        }
    }

    @Test
    void serverThatStartsLater_knowsTheChat() throws Exception {
        try (ChatNode one = new ChatNode(database, DEFAULTS);
                Connection ann = enter(one, "guest-1")) {
            asks(ann, "nick Ann", "You are now Ann.");
            asks(ann, "join lobby", "You joined lobby (1 here).");
            // Enough for a saved state, and some entries after it.
            for (int i = 0; i < 1_100; i++) {
                asks(ann, "line " + i, "Ann: line " + i);
            }
            try (ChatNode other = new ChatNode(database, DEFAULTS);
                    Connection bob = enter(other, "guest-2")) {
                asks(bob, "who", "! Join a room first.");
                asks(bob, "nick Ann", "! That name is taken.");
                asks(bob, "join lobby", "You joined lobby (2 here).");
                for (int i = 1_050; i < 1_100; i++) {
                    hears(bob, "Ann: line " + i);
                }
                hears(ann, "* guest-2 joined");
            }
        }
    }

    /** What one client has heard in the room, until it has heard the last line of all. */
    private static List<String> talk(Connection client, int number) throws IOException {
        List<String> heard = new ArrayList<>();
        int ended = 0;
        int said = 0;
        while (ended < TALKERS) {
            if (said <= LINES) {
                Scene.say(client, (said < LINES ? number + "-" + said : "end") + "\n");
            }
            String own = said < LINES ? ": " + number + "-" + said : "";
            said++;
            String line;
            do {
                line = Scene.line(client);
                assertThat(line).isNotEqualTo("<end>");
                if (line.equals(AWAY)) {
                    said--; // nothing was done
                    break;
                }
                if (!line.equals(LATER)) {
                    heard.add(line);
                }
                ended += line.endsWith(": end") ? 1 : 0;
            } while (ended < TALKERS && !(said <= LINES && line.endsWith(own)));
        }
        client.releaseOwnership();
        return heard;
    }

    /** Clients of both servers talk at once while this happens; returns what they have heard. */
    private List<List<String>> talkWhile(ThrowingRunnable disturbance) throws Exception {
        try (ChatNode one = new ChatNode(database, DEFAULTS);
                ChatNode other = new ChatNode(database, DEFAULTS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < TALKERS; i++) {
                Connection client = enter(i % 2 == 0 ? one : other, "guest-" + (i + 1));
                clients.add(client);
                asks(client, "join lobby", "You joined lobby (" + (i + 1) + " here).");
                for (Connection before : clients.subList(0, i)) {
                    hears(before, "* guest-" + (i + 1) + " joined");
                }
            }
            List<Future<List<String>>> heard = new ArrayList<>();
            for (int i = 0; i < TALKERS; i++) {
                int number = i;
                clients.get(number).releaseOwnership();
                heard.add(threads.submit(() -> talk(clients.get(number), number)));
            }
            disturbance.run();
            List<List<String>> all = new ArrayList<>();
            for (Future<List<String>> each : heard) {
                all.add(each.get());
            }
            for (Connection client : clients) {
                client.close();
            }
            return all;
        }
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    private static void assertOneOrder(List<List<String>> heard) {
        List<String> first = heard.getFirst();
        assertThat(heard).allSatisfy(lines -> assertThat(lines).isEqualTo(first));
        assertThat(first).hasSize(TALKERS * (LINES + 1));
        assertThat(first.stream().filter(line -> !line.endsWith(": end"))).doesNotHaveDuplicates();
    }

    @Test
    void linesOfAllServers_areHeardInOneOrder_onceEach() throws Exception {
        assertOneOrder(talkWhile(() -> {}));
    }

    @Test
    void linesMissedWhileAConnectionWasLost_areHeardAfterwards() throws Exception {
        assertOneOrder(talkWhile(() -> {
            for (int i = 0; i < FAULTS; i++) {
                database.terminateListeners();
            }
        }));
    }

    @Test
    void line_whoseConnectionWasLost_isSaidOnce_orRefused() throws Exception {
        assertOneOrder(talkWhile(() -> {
            for (int i = 0; i < FAULTS; i++) {
                database.terminateConnections();
            }
        }));
    }

    @Test
    void clients_whileTheDatabaseIsAway_areTold_andGoOnAfterwards() throws Exception {
        try (ChatNode one = new ChatNode(database, DEFAULTS);
                ChatNode other = new ChatNode(database, DEFAULTS);
                Connection ann = enter(one, "guest-1");
                Connection bob = enter(other, "guest-2")) {
            asks(ann, "join lobby", "You joined lobby (1 here).");
            asks(bob, "join lobby", "You joined lobby (2 here).");
            hears(ann, "* guest-2 joined");
            database.allowConnections(false);
            database.terminateConnections();
            Scene.say(ann, "hello?\n");
            String reply = Scene.line(ann);
            // Whether the line was on its way when the connection ended.
            assertThat(reply).isIn(AWAY, LATER);
            asks(ann, "nick Ann", AWAY);
            asks(ann, "who", "lobby: guest-1 guest-2");
            asks(ann, "quit", "Goodbye!");
            try (Connection late = one.connect()) {
                hears(late, AWAY);
                assertThat(late.reader().read()).isEqualTo(-1);
            }
            database.allowConnections(true);
            // What was promised has happened, and nothing else.
            if (reply.equals(LATER)) {
                hears(bob, "guest-1: hello?");
            }
            hears(bob, "* guest-1 left");
            asks(bob, "who", "lobby: guest-2");
        }
    }

    @Test
    void serverThatIsKilled_isNoticed_andItsClientsLeave() throws Exception {
        try (ChatNode one = new ChatNode(database, QUICK);
                ChatNode killed = new ChatNode(database, QUICK);
                Connection ann = enter(one, "guest-1");
                Connection bob = enter(killed, "guest-2")) {
            asks(ann, "join lobby", "You joined lobby (1 here).");
            asks(bob, "join lobby", "You joined lobby (2 here).");
            hears(ann, "* guest-2 joined");
            asks(bob, "nick Bob", "You are now Bob.");
            hears(ann, "* guest-2 is now Bob");
            killed.kill();
            hears(ann, "* Bob disconnected");
            asks(ann, "who", "lobby: guest-1");
            asks(ann, "nick Bob", "You are now Bob.");
            asks(bob, "still here?", AWAY);
        }
    }

    @Test
    void serverThatOthersHaveRemoved_disconnectsItsClients_andServesNewOnes() throws Exception {
        try (ChatNode one = new ChatNode(database, QUICK);
                ChatNode slow = new ChatNode(database, QUICK);
                Connection ann = enter(one, "guest-1");
                Connection bob = enter(slow, "guest-2")) {
            asks(ann, "join lobby", "You joined lobby (1 here).");
            asks(bob, "join lobby", "You joined lobby (2 here).");
            hears(ann, "* guest-2 joined");
            ChatEntries entries = one.entries();
            long second = entries.servers().join().getLast().id();
            assertThat(entries.remove(second, "gone " + second).join()).isEqualTo(1);
            hears(ann, "* guest-2 disconnected");
            hears(bob, "! This server was cut off from the chat for too long: connect again.");
            assertThat(bob.reader().read()).isEqualTo(-1);
            Connection again = reentered(slow);
            asks(again, "join lobby", "You joined lobby (2 here).");
            asks(again, "msg guest-1 back", "(to guest-1) back");
            again.close();
        }
    }

    /** Enters a server as soon as it is in the chat again. */
    private static Connection reentered(ChatNode node) throws IOException {
        while (true) {
            Connection client = node.connect();
            if (Scene.line(client).startsWith("Welcome!")) {
                return client;
            }
            client.close();
        }
    }
}
