package dev.thrum.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.engine.Connection;
import dev.thrum.engine.Server;
import dev.thrum.examples.KeyValueStore.Bounds;
import dev.thrum.simulation.Faults;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The key-value store, on every engine. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class KeyValueStoreTest {
    private static final Bounds SMALL = new Bounds(3, 5, 10);

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void clientsOfOneStore_seeTheSameEntries(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(new KeyValueStore(SMALL).handler());
            try (Connection first = world.connect(server);
                    Connection second = world.connect(server)) {
                assertThat(ask(first, "SET b dark blue")).isEqualTo("OK");
                assertThat(ask(second, "get b")).isEqualTo("VALUE dark blue");
                assertThat(ask(second, "  set   a   1  ")).isEqualTo("OK");
                assertThat(ask(first, "KEYS")).isEqualTo("KEYS 2");
                assertThat(line(first)).isEqualTo("a");
                assertThat(line(first)).isEqualTo("b");
                assertThat(ask(first, "DEL b")).isEqualTo("OK");
                assertThat(ask(second, "DEL b")).isEqualTo("NONE");
                assertThat(ask(second, "GET b")).isEqualTo("NONE");
                assertThat(ask(second, "QUIT")).isEqualTo("BYE");
                assertThat(line(second)).isEqualTo("<end>");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void command_thatIsWrong_getsALineWithTheRemedy(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(new KeyValueStore(SMALL).handler());
            try (Connection client = world.connect(server)) {
                for (String wrong :
                        new String[] {"", "hello", "SET", "SET a", "GET", "GET a b", "KEYS a", "QUIT now"}) {
                    assertThat(ask(client, wrong))
                            .isEqualTo("ERROR expected SET KEY VALUE, GET KEY, DEL KEY, KEYS or QUIT");
                }
                assertThat(ask(client, "SET colour x"))
                        .isEqualTo("ERROR expected a key of at most 5 characters but it had 6: use a shorter one");
                assertThat(ask(client, "SET a 12345678901"))
                        .isEqualTo("ERROR expected a value of at most 10 characters but it had 11: use several keys");
                assertThat(ask(client, "SET äöüßé ÄÖÜäöüßéèê")).isEqualTo("OK");
                assertThat(ask(client, "GET äöüßé")).isEqualTo("VALUE ÄÖÜäöüßéèê");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void line_thatIsMuchTooLong_endsOnlyItsClient(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(new KeyValueStore(SMALL).handler());
            try (Connection other = world.connect(server);
                    Connection client = world.connect(server)) {
                assertThat(ask(client, "SET a " + "x".repeat(1_000))).isEqualTo("Line too long: at most 100 bytes.");
                assertThat(line(client)).isEqualTo("<end>");
                assertThat(ask(other, "GET a")).isEqualTo("NONE");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void newKey_whenTheStoreIsFull_isRefusedUntilOneIsDeleted(String kind) throws Exception {
        World.play(kind, world -> {
            Server server = world.listen(new KeyValueStore(SMALL).handler());
            try (Connection client = world.connect(server)) {
                for (String key : new String[] {"a", "b", "c"}) {
                    assertThat(ask(client, "SET " + key + " 1")).isEqualTo("OK");
                }
                assertThat(ask(client, "SET d 1"))
                        .isEqualTo("ERROR expected at most 3 keys but this would be one more: DEL a key first");
                assertThat(ask(client, "SET a 2")).isEqualTo("OK");
                assertThat(ask(client, "DEL b")).isEqualTo("OK");
                assertThat(ask(client, "SET d 1")).isEqualTo("OK");
            }
        });
    }

    @ParameterizedTest
    @MethodSource(World.KINDS)
    void keysOfManyClients_atTheSameTime_areNeverMoreThanTheLimit(String kind) throws Exception {
        World.play(kind, KeyValueStoreTest::competeForPlaces);
    }

    @Test
    void keysOfManyClients_inEverySimulatedNetwork_areNeverMoreThanTheLimit() {
        assertThat(World.simulate(Faults.harmless(), 100, KeyValueStoreTest::competeForPlaces))
                .isPositive();
    }

    /** Every client sets a key of its own; there is room for three. */
    private static void competeForPlaces(World world) throws Exception {
        Server server = world.listen(new KeyValueStore(SMALL).handler());
        AtomicInteger numbers = new AtomicInteger();
        AtomicInteger accepted = new AtomicInteger();
        world.times(8, () -> {
            try (Connection client = world.connect(server)) {
                if (ask(client, "SET k" + numbers.incrementAndGet() + " 1").equals("OK")) {
                    accepted.incrementAndGet();
                }
            }
        });
        assertThat(accepted).hasValue(3);
        try (Connection client = world.connect(server)) {
            assertThat(ask(client, "KEYS")).isEqualTo("KEYS 3");
        }
    }

    private static String ask(Connection client, String line) throws IOException {
        client.writer().write(line + "\n");
        client.writer().flush();
        return line(client);
    }

    private static String line(Connection client) throws IOException {
        return client.reader().readLine(10_000).orElse("<end>");
    }
}
