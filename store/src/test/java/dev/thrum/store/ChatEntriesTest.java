package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Kind;
import dev.thrum.database.Notifications;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Site;
import dev.thrum.testkit.LeakCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith({PostgresServer.class, LeakCheck.class})
final class ChatEntriesTest {
    private static final int MANY = 200;
    private static final int SERVERS = 4;

    @TempDir
    Path folder;

    private Site site;
    private Database database;
    private ChatEntries entries;

    @BeforeEach
    void open() {
        site = new Site(Kind.POSTGRESQL, folder);
        database = site.open();
        entries = new ChatEntries(database);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private List<String> texts() {
        return get(entries.after(0, 10_000)).stream()
                .map(ChatEntries.Entry::text)
                .toList();
    }

    @Test
    void entries_ofServersThatAppendAtOnce_areNumberedWithoutGaps_andToldInTheirOrder() {
        try (Notifications told = database.listen(ChatEntries.CHANNEL)) {
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                long server = get(entries.addServer());
                done.add(CompletableFuture.runAsync(() -> appendMany(server), Thread::startVirtualThread));
            }
            for (CompletableFuture<Void> each : done) {
                get(each);
            }
            List<String> heard = new ArrayList<>();
            while (heard.size() < SERVERS * MANY) {
                heard.addAll(told.await(Duration.ofSeconds(30)));
            }
            List<ChatEntries.Entry> all = get(entries.after(0, 10_000));
            assertThat(all)
                    .extracting(ChatEntries.Entry::number)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, SERVERS * MANY).boxed().toList());
            assertThat(heard)
                    .isEqualTo(all.stream()
                            .map(entry -> entry.number() + " " + entry.text())
                            .toList());
        }
    }

    private void appendMany(long server) {
        for (int number = 0; number < MANY; number++) {
            assertThat(get(entries.append(server, number, server + "-" + number)))
                    .isEqualTo(1);
        }
    }

    @Test
    void append_thatIsRepeated_isDoneOnce() {
        long server = get(entries.addServer());
        assertThat(get(entries.append(server, 0, "a"))).isEqualTo(1);
        assertThat(get(entries.append(server, 0, "a"))).isZero();
        assertThat(get(entries.appended(server))).hasValue(1);
        assertThat(get(entries.append(server, 1, "b"))).isEqualTo(1);
        assertThat(texts()).containsExactly("a", "b");
    }

    @Test
    void serverThatWasRemoved_appendsNothing() {
        long server = get(entries.addServer());
        ChatEntries.Server seen = get(entries.servers()).getFirst();
        assertThat(get(entries.beat(server))).isEqualTo(1);
        assertThat(get(entries.remove(seen, "gone"))).as("it has beaten since").isZero();
        ChatEntries.Server later = get(entries.servers()).getFirst();
        assertThat(get(entries.remove(later, "gone"))).isEqualTo(1);
        assertThat(get(entries.remove(later, "gone"))).isZero();
        assertThat(get(entries.append(server, 0, "late"))).isZero();
        assertThat(get(entries.appended(server))).isEmpty();
        assertThat(get(entries.beat(server))).isZero();
        assertThat(texts()).containsExactly("gone");
    }

    @Test
    void stateThatIsSaved_replacesOlderOnes_andEntriesLongBeforeIt() {
        long server = get(entries.addServer());
        IntStream.range(0, 10).forEach(i -> get(entries.append(server, i, "e" + (i + 1))));
        assertThat(get(entries.save(new ChatEntries.Entry(8, "eight"), 3))).isEqualTo(5);
        assertThat(get(entries.save(new ChatEntries.Entry(7, "seven"), 3))).isZero();
        assertThat(get(entries.state())).isEqualTo(new ChatEntries.Entry(8, "eight"));
        assertThat(texts()).containsExactly("e6", "e7", "e8", "e9", "e10");
    }

    @Test
    void entry_ofTheMaximumSize_isTold_andALargerOneIsRefused() {
        long server = get(entries.addServer());
        String most = "\u00e4".repeat(ChatEntries.MOST_BYTES / 2);
        try (Notifications told = database.listen(ChatEntries.CHANNEL)) {
            assertThat(get(entries.append(server, 0, most))).isEqualTo(1);
            assertThat(told.await(Duration.ofSeconds(30))).containsExactly("1 " + most);
        }
        assertThatThrownBy(() -> entries.append(server, 1, most + "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an entry of at most 7900 bytes but it had 7901");
    }

    @Test
    void waitForNotifications_endsWhenItsConnectionIsLost() {
        try (Notifications told = database.listen(ChatEntries.CHANNEL)) {
            assertThat(told.isAlive(Duration.ofSeconds(30))).isTrue();
            site.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND pid <> pg_backend_pid()");
            assertThatThrownBy(() -> told.await(Duration.ofSeconds(30)))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("can't work");
        }
        database.listen(ChatEntries.CHANNEL).close();
    }

    @Test
    void embeddedDatabase_hasNoNotifications() {
        try (Site embedded = new Site(Kind.SQLITE, folder)) {
            Database file = embedded.open();
            assertThatThrownBy(() -> file.listen(ChatEntries.CHANNEL))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("expected a PostgreSQL server but this is SQLite");
        }
    }
}
