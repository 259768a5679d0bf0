package dev.thrum.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Limits;
import dev.thrum.engine.Server;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Trial;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.Scene;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a chat does, byte for byte, on every engine: the same for the service and for the example in callbacks. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
abstract class ChatContract {
    private static final String BAD_NAME = "! Names are 1 to 20 letters, digits, - or _.";
    private static final String TAKEN = "! That name is taken.";
    private static final String NO_ROOM = "! Join a room first.";
    private static final int MOST_ROOMS = 200;
    private static final int HISTORY = 50;
    private static final int TAKERS = 8;
    private static final int CHANGES = 50;
    private static final int MANY = 10_000;
    private static final int BATCH = 100;
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 1_000 : 100;

    /** A chat whose clients may send {@code burst} lines at once, and one more whenever {@code perLine} has passed. */
    abstract ConnectionHandler chat(int burst, Duration perLine);

    /** A chat whose clients may send as fast as they like. */
    private ConnectionHandler chat() {
        return chat(1, Duration.ZERO);
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void command_always_hasItsReply_andIsSeenByTheOthers(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                    ChatClient bob = ChatClient.connect(world, server, "guest-2")) {
                ann.asks("rooms", "0 rooms.");
                ann.asks("nick Ann", "You are now Ann.");
                ann.asks("JOIN lobby", "You joined lobby (1 here).");
                ann.asks("  Who ", "lobby: Ann");
                bob.joins("lobby", 2);
                ann.hears("* guest-2 joined");
                bob.asks("Hi all!", "guest-2: Hi all!");
                ann.hears("guest-2: Hi all!");
                bob.asks("nIcK Bob", "You are now Bob.");
                ann.hears("* guest-2 is now Bob");
                ann.asks("who", "lobby: Ann Bob");
                ann.asks("Msg Bob see  you", "(to Bob) see  you");
                bob.hears("(private) Ann: see  you");
                bob.asks("msg Bob note", "(private) Bob: note", "(to Bob) note");
                bob.asks("ROOMS", "lobby (2)", "1 rooms.");
                bob.asks("Leave", "You left lobby.");
                ann.hears("* Bob left");
                bob.asks("leave", NO_ROOM);
                bob.asks("msg Ann still here", "(to Ann) still here");
                ann.hears("(private) Bob: still here");
                bob.joins("lobby", 2, "guest-2: Hi all!");
                ann.hears("* Bob joined");
                bob.asks("quit", "Goodbye!");
                bob.hearsEnd();
                ann.hears("* Bob left");
                ann.asks("msg Bob gone?", "! No such user: Bob");
                ann.asks(" QUIT ", "Goodbye!");
                ann.hearsEnd();
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void mistake_always_getsOneLine_andNobodyElseSeesIt(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                    ChatClient bob = ChatClient.connect(world, server, "guest-2")) {
                for (String line : List.of("hello", "who", "leave", "leave me alone", "\u00e4")) {
                    ann.asks(line, NO_ROOM);
                }
                for (String name : List.of("", "a b", "x".repeat(21), "a!", "\u00e4", "a\u001b", "\u0430nn", "../x")) {
                    ann.asks("nick " + name, BAD_NAME);
                    ann.asks("join " + name, BAD_NAME);
                }
                ann.asks("nick", BAD_NAME);
                ann.asks("nick guest-2", TAKEN);
                ann.asks("nick Guest-77", TAKEN);
                bob.asks("nick Bob", "You are now Bob.");
                ann.asks("nick Bob", TAKEN);
                bob.asks("nick Bob", TAKEN);
                ann.asks("nick guest-2", TAKEN);
                ann.asks("msg", "! Expected msg NICK TEXT.");
                ann.asks("msg Bob", "! Expected msg NICK TEXT.");
                ann.asks("msg guest-2 hi", "! No such user: guest-2");
                ann.asks("msg bob hi", "! No such user: bob");
                ann.asks("msg \u001b[2J hi", "! No such user: \\u001b[2J");
                ann.joins("lobby", 1);
                ann.asks("join lobby", "! You are in lobby already.");
                ann.asks("join lobby 2", BAD_NAME);
                bob.joins("lobby", 2);
                ann.hears("* Bob joined");
                ann.asks("x".repeat(20) + "-_Z9", "guest-1: " + "x".repeat(20) + "-_Z9");
                bob.hears("guest-1: " + "x".repeat(20) + "-_Z9");
                bob.asks("nick " + "x".repeat(20), "You are now " + "x".repeat(20) + ".");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void anyOtherLine_isSaid_evenIfItBeginsLikeACommand(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1")) {
                ann.joins("lobby", 1);
                for (String line : List.of("leave me alone", "rooms?", "who is there", "quit smoking", "  indented")) {
                    ann.asks(line, "guest-1: " + line);
                }
                ann.says("", " \t ");
                ann.asks("tab\tand caf\u00e9 \ud83d\ude00", "guest-1: tab\tand caf\u00e9 \ud83d\ude00");
                ann.asks("a\u001b[2Jb\u202e", "guest-1: a\\u001b[2Jb\\u202e");
                ann.asks("msg guest-1 a\u0007", "(private) guest-1: a\\u0007", "(to guest-1) a\\u0007");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void client_isInOneRoom_andARoomWithoutMembersVanishes(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                    ChatClient bob = ChatClient.connect(world, server, "guest-2")) {
                ann.joins("a", 1);
                bob.joins("b", 1);
                ann.asks("only here", "guest-1: only here");
                bob.joins("a", 2, "guest-1: only here");
                ann.hears("* guest-2 joined");
                ann.asks("rooms", "a (2)", "1 rooms.");
                ann.joins("B", 1);
                bob.hears("* guest-1 left");
                bob.asks("rooms", "B (1)", "a (1)", "2 rooms.");
                bob.asks("hello?", "guest-2: hello?");
                ann.asks("leave", "You left B.");
                bob.asks("leave", "You left a.");
                bob.joins("a", 1);
                bob.asks("leave", "You left a.");
                ann.asks("rooms", "0 rooms.");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void newcomer_getsTheLast50Lines_asTheyWereSent(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                    ChatClient bob = ChatClient.connect(world, server, "guest-2")) {
                ann.joins("lobby", 1);
                String[] lines = IntStream.rangeClosed(1, HISTORY + 10)
                        .mapToObj(i -> "line " + i)
                        .toArray(String[]::new);
                for (String line : lines) {
                    ann.asks(line, "guest-1: " + line);
                }
                ann.asks("nick Ann", "You are now Ann.");
                ann.asks("last", "Ann: last");
                bob.says("join lobby", "who");
                bob.hears("You joined lobby (2 here).");
                for (int i = 11; i < lines.length; i++) {
                    bob.hears("guest-1: " + lines[i]);
                }
                bob.hears("Ann: last", "lobby: Ann guest-2");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void clientThatGoesWithoutQuitting_isAnnounced(String kind) throws Exception {
        World.play(kind, world -> {
            ConnectionHandler chat = chat();
            Server server = world.listen(chat);
            Limits.Deadlines hurried = Limits.Deadlines.defaults().withIdle(Duration.ofSeconds(1));
            Server impatient = world.listen(chat, Limits.defaults().withDeadlines(hurried));
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1")) {
                ann.joins("lobby", 1);
                try (ChatClient reset = ChatClient.connect(world, server, "guest-2")) {
                    reset.joins("lobby", 2);
                    ann.hears("* guest-2 joined");
                    reset.connection().reset();
                    ann.hears("* guest-2 disconnected");
                }
                try (ChatClient cut = ChatClient.connect(world, server, "guest-3")) {
                    cut.joins("lobby", 2);
                    ann.hears("* guest-3 joined");
                    cut.connection().writer().write("half a li");
                    cut.connection().shutdownOutput();
                    ann.hears("guest-3: half a li", "* guest-3 disconnected");
                    cut.hears("guest-3: half a li");
                    cut.hearsEnd();
                }
                try (ChatClient silent = ChatClient.connect(world, impatient, "guest-4")) {
                    silent.joins("lobby", 2, "guest-3: half a li");
                    ann.hears("* guest-4 joined", "* guest-4 disconnected");
                    silent.hears("Idle for too long, closing.");
                    silent.hearsEnd();
                }
                try (ChatClient wordy = ChatClient.connect(world, server, "guest-5")) {
                    wordy.joins("lobby", 2, "guest-3: half a li");
                    wordy.asks("x".repeat(500), "guest-5: " + "x".repeat(500));
                    wordy.asks("x".repeat(501), "Line too long: at most 500 bytes.");
                    wordy.hearsEnd();
                    ann.hears("* guest-5 joined", "guest-5: " + "x".repeat(500), "* guest-5 disconnected");
                }
                ann.asks("who", "lobby: guest-1");
                try (ChatClient next = ChatClient.connect(world, server, "guest-6")) {
                    next.asks("msg guest-5 hi", "! No such user: guest-5");
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void lineThatComesTooFast_isNotSaid_andItsClientIsTold(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat(3, Duration.ofHours(1)));
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                    ChatClient bob = ChatClient.connect(world, server, "guest-2")) {
                bob.joins("lobby", 1);
                ann.says("join lobby", "one", "two", "three", "", "quit");
                ann.hears("You joined lobby (2 here).", "guest-1: one", "guest-1: two");
                ann.hears("! Slow down.", "! Slow down.", "Goodbye!");
                ann.hearsEnd();
                bob.hears("* guest-1 joined", "guest-1: one", "guest-1: two", "* guest-1 left");
            }
        });
    }

    @Test
    void burst_isAvailableAgain_afterTheSameTimeForEachLine() {
        World.simulate(Faults.none(), 1, world -> {
            Server server = world.listen(chat(3, Duration.ofSeconds(1)));
            try (ChatClient ann = ChatClient.connect(world, server, "guest-1")) {
                for (int sent : new int[] {3, 2, 3}) {
                    ann.says("rooms", "rooms", "rooms", "rooms");
                    ann.hears(Collections.nCopies(sent, "0 rooms.").toArray(String[]::new));
                    ann.hears(Collections.nCopies(4 - sent, "! Slow down.").toArray(String[]::new));
                    world.engine().clock().sleep(Duration.ofMillis(sent == 3 ? 2_500 : 60_000));
                }
            }
        });
    }

    @Test
    void rooms_areAtMost200() {
        World.simulate(Faults.none(), 1, world -> {
            Server server = world.listen(chat());
            List<ChatClient> clients = new ArrayList<>();
            for (int i = 1; i <= MOST_ROOMS + 1; i++) {
                clients.add(ChatClient.connect(world, server, "guest-" + i));
            }
            for (int i = 0; i < MOST_ROOMS; i++) {
                clients.get(i).joins("room-" + i, 1);
            }
            ChatClient last = clients.getLast();
            last.asks("join another", "! There are 200 rooms, join one of those.");
            last.joins("room-0", 2);
            last.says("rooms");
            String[] listed = IntStream.range(0, MOST_ROOMS)
                    .mapToObj(i -> "room-" + i + (i == 0 ? " (2)" : " (1)"))
                    .sorted()
                    .toArray(String[]::new);
            last.hears(listed);
            last.hears("200 rooms.");
            clients.get(7).asks("leave", "You left room-7.");
            last.joins("another", 1);
            for (ChatClient client : clients) {
                client.close();
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void nameThatManyTakeAtOnce_isGivenToOne(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            AtomicInteger given = new AtomicInteger();
            // A name is free again when its client has gone, so all stay until all have asked.
            CountDownLatch asked = new CountDownLatch(TAKERS);
            world.times(TAKERS, () -> {
                try (ChatClient client = new ChatClient(world.connect(server))) {
                    assertThat(Scene.line(client.connection())).startsWith("Welcome!");
                    client.says("nick Ann");
                    String reply = Scene.line(client.connection());
                    assertThat(reply).isIn("You are now Ann.", TAKEN);
                    given.addAndGet(reply.equals(TAKEN) ? 0 : 1);
                    asked.countDown();
                    asked.await();
                }
            });
            assertThat(given).hasValue(1);
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void privateMessage_whileItsReceiverChangesItsName_isDeliveredOrRefused(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(chat());
            List<String> delivered = new ArrayList<>();
            List<String> received = new ArrayList<>();
            CountDownLatch renamed = new CountDownLatch(1);
            World.Task bob = world.fork("bob", () -> {
                try (ChatClient client = new ChatClient(world.connect(server))) {
                    assertThat(Scene.line(client.connection())).startsWith("Welcome!");
                    for (int i = 0; i < CHANGES; i++) {
                        String name = "Bob-" + i % 2;
                        client.says("nick " + name);
                        collect(client, "You are now " + name + ".", received);
                    }
                    renamed.countDown();
                    collect(client, "(private) Ann: end", received);
                }
            });
            try (ChatClient ann = new ChatClient(world.connect(server))) {
                assertThat(Scene.line(ann.connection())).startsWith("Welcome!");
                ann.asks("nick Ann", "You are now Ann.");
                for (int i = 0; i < CHANGES; i++) {
                    String name = "Bob-" + i % 2;
                    ann.says("msg " + name + " " + i);
                    String reply = Scene.line(ann.connection());
                    assertThat(reply).isIn("(to " + name + ") " + i, "! No such user: " + name);
                    if (reply.startsWith("(to ")) {
                        delivered.add("(private) Ann: " + i);
                    }
                }
                renamed.await();
                ann.asks("msg Bob-1 end", "(to Bob-1) end");
                bob.run();
            }
            assertThat(received).isEqualTo(delivered);
        });
    }

    /** Reads up to this line; the lines before it are collected. */
    private static void collect(ChatClient client, String last, List<String> before) throws IOException {
        for (String line = Scene.line(client.connection());
                !line.equals(last);
                line = Scene.line(client.connection())) {
            assertThat(line).startsWith("(private) ");
            before.add(line);
        }
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void memberThatStopsReading_delaysNobody_andFindsTheReasonWhenItReadsOn(String kind) throws Exception {
        if (kind.equals(World.SIMULATION)) {
            World.simulate(Faults.none(), 1, this::stopReading);
        } else {
            World.play(kind, this::stopReading);
        }
    }

    private void stopReading(World world) throws Exception {
        Server server = world.listen(chat());
        try (ChatClient ann = ChatClient.connect(world, server, "guest-1");
                ChatClient bob = ChatClient.connect(world, server, "guest-2");
                ChatClient stopped = ChatClient.connect(world, server, "guest-3")) {
            ann.joins("lobby", 1);
            bob.joins("lobby", 2);
            ann.hears("* guest-2 joined");
            stopped.says("join lobby");
            ann.hears("* guest-3 joined");
            bob.hears("* guest-3 joined");
            int announced = 0;
            for (int first = 0; first < MANY; first += BATCH) {
                List<String> batch = IntStream.range(first, first + BATCH)
                        .mapToObj(ChatContract::longLine)
                        .toList();
                ann.says(batch.toArray(String[]::new));
                for (String line : batch) {
                    announced += hearsAmongGoodbyes(ann, line) + hearsAmongGoodbyes(bob, line);
                }
            }
            assertThat(announced).as("clients that were told, once each").isEqualTo(2);
            List<String> rest = Scene.textToEnd(stopped.connection()).lines().toList();
            assertThat(rest).startsWith("You joined lobby (3 here).").endsWith("You read too slowly, closing.");
            // The network's buffers and the outbox hold what it gets now.
            assertThat(rest).hasSizeLessThan(MANY / 2);
            for (int i = 0; i < rest.size() - 2; i++) {
                assertThat(rest.get(i + 1)).isEqualTo("guest-1: " + longLine(i));
            }
        }
    }

    private static String longLine(int number) {
        return number + "x".repeat(400);
    }

    /** Reads a line that guest-1 has said; returns how often guest-3 was announced as disconnected before. */
    private static int hearsAmongGoodbyes(ChatClient client, String said) throws IOException {
        int announced = 0;
        String line = Scene.line(client.connection());
        while (line.equals("* guest-3 disconnected")) {
            announced++;
            line = Scene.line(client.connection());
        }
        assertThat(line).isEqualTo("guest-1: " + said);
        return announced;
    }

    @Test
    void everyLine_reachesEveryMemberThatStays_onceAndInOrder() {
        assertThat(Trial.of(world -> new ChatStorm(world).run(chat()))
                        .withFaults(ChatStorm::faults)
                        .withRepeat(seed -> "./thrum test --only " + getClass().getSimpleName() + " --seed " + seed)
                        .check(SEEDS))
                .isPositive();
    }
}
