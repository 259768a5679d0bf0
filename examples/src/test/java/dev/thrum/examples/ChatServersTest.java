package dev.thrum.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.ConnectionHandler;
import dev.thrum.engine.Server;
import dev.thrum.services.Chat;
import dev.thrum.simulation.Faults;
import dev.thrum.simulation.Simulation;
import dev.thrum.simulation.Trial;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A chat whose servers share a log: clients of one server see what they see without it, and servers are one chat. */
class ChatServersTest extends ChatContract {
    private static final int SERVERS = 3;
    private static final int SEEDS = Boolean.getBoolean("thrum.soak") ? 1_000 : 100;

    @Override
    ConnectionHandler chat(int burst, Duration perLine) {
        return Chat.over(new MemoryChatLog(Runnable::run).server(), burst, perLine)
                .handler();
    }

    /** A handler for each server of a chat. */
    private static ConnectionHandler[] chats(MemoryChatLog log) {
        ConnectionHandler[] chats = new ConnectionHandler[SERVERS];
        for (int i = 0; i < SERVERS; i++) {
            chats[i] = Chat.over(log.server(), 1, Duration.ZERO).handler();
        }
        return chats;
    }

    /** A log whose entries reach the other servers after a while. */
    private static MemoryChatLog slow(Simulation world) {
        return new MemoryChatLog(
                task -> world.engine().schedule(Duration.ofMillis(world.random().nextInt(100)), task));
    }

    @Test
    void everyLine_reachesTheClientsOfAllServers_onceAndInOneOrder() {
        assertThat(Trial.of(world -> new ChatStorm(world).run(chats(slow(world))))
                        .withFaults(ChatStorm::faults)
                        .withRepeat(seed -> "./thrum test --only " + getClass().getSimpleName() + " --seed " + seed)
                        .check(SEEDS))
                .isPositive();
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void clientsOfTwoServers_areInOneChat(String kind) throws Exception {
        World.play(kind, world -> {
            ConnectionHandler[] chats = chats(new MemoryChatLog(Runnable::run));
            Server one = world.listen(chats[0]);
            Server other = world.listen(chats[1]);
            try (ChatClient ann = ChatClient.connect(world, one, "guest-1");
                    ChatClient bob = ChatClient.connect(world, other, "guest-2")) {
                ann.asks("nick Ann", "You are now Ann.");
                bob.asks("nick Ann", "! That name is taken.");
                ann.joins("lobby", 1);
                ann.asks("first", "Ann: first");
                bob.joins("lobby", 2, "Ann: first");
                ann.hears("* guest-2 joined");
                bob.asks("second", "guest-2: second");
                ann.hears("guest-2: second");
                bob.asks("who", "lobby: Ann guest-2");
                ann.asks("rooms", "lobby (2)", "1 rooms.");
                ann.asks("msg guest-2 psst", "(to guest-2) psst");
                bob.hears("(private) Ann: psst");
                bob.asks("msg Ann yes?", "(to Ann) yes?");
                ann.hears("(private) guest-2: yes?");
                bob.asks("nick Bob", "You are now Bob.");
                ann.hears("* guest-2 is now Bob");
                bob.asks("leave", "You left lobby.");
                ann.hears("* Bob left");
                bob.asks("rooms", "lobby (1)", "1 rooms.");
                bob.asks("quit", "Goodbye!");
                ann.asks("msg Bob bye", "! No such user: Bob");
            }
        });
    }

    @Test
    void clientsOfAServerThatHasEnded_leave_andTheirNamesAreFree() {
        World.simulate(Faults.none(), 1, world -> {
            MemoryChatLog log = new MemoryChatLog(Runnable::run);
            ConnectionHandler[] chats = chats(log);
            Server one = world.listen(chats[0]);
            Server other = world.listen(chats[1]);
            try (ChatClient ann = ChatClient.connect(world, one, "guest-1");
                    ChatClient bob = ChatClient.connect(world, other, "guest-2");
                    ChatClient eve = ChatClient.connect(world, other, "guest-3")) {
                ann.joins("lobby", 1);
                bob.joins("lobby", 2);
                ann.hears("* guest-2 joined");
                eve.joins("lobby", 3);
                ann.hears("* guest-3 joined");
                bob.asks("nick Bob", "* guest-3 joined", "You are now Bob.");
                ann.hears("* guest-2 is now Bob");
                log.end(2);
                ann.hears("* Bob disconnected", "* guest-3 disconnected");
                ann.asks("who", "lobby: guest-1");
                ann.asks("nick Bob", "You are now Bob.");
                // It has not noticed that, and what it does has no effect.
                bob.says("still here?");
                ann.asks("alone", "Bob: alone");
            }
        });
    }
}
