package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.store.Account;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.StoreSchema;
import dev.thrum.store.Users;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands backup, restore, users and ledger on embedded databases. */
@Timeout(120)
final class DataCommandsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-20T08:20:00Z"));
    private static final String END = System.lineSeparator();

    @TempDir
    private Path root;

    private Path data() {
        return root.resolve("data");
    }

    private Database open() {
        return StoreSchema.open(DatabaseConfig.of(Source.embedded(data())));
    }

    private static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    /** Runs a command on the data of this test. */
    private Ran thrum(String... arguments) {
        return Ran.of(Map.of("THRUM_DATA", data().toString()), arguments);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static void assertSucceeded(Ran ran, String out) {
        assertThat(ran).isEqualTo(new Ran(0, out, ""));
    }

    private static void assertFailed(Ran ran, String line) {
        assertThat(ran).isEqualTo(new Ran(1, "", "thrum: " + line + END));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "users list", "users add Ann ann@example.org", "ledger check"})
    void command_whenThereIsNoDatabase_createsNone_andNamesTheRemedy(String command) {
        assertFailed(
                thrum(command.split(" ")),
                "expected a database " + data().resolve("thrum.db")
                        + " but there is none: thrum serve creates one, or name another folder with --data");
        assertThat(data()).doesNotExist();
    }

    @Test
    void users_whenAdded_areListed_newestFirst() throws Exception {
        try (Database database = open()) {
            Users users = new Users(database, CLOCK);
            done(users.create("Ann Lee", "ann@example.org"));
            done(users.create("B\u001b[2J\tob\n", "bob@example.org"));
        }
        Ran added = thrum("users", "add", "Eve", "eve@example.org");
        assertThat(added.status()).isZero();
        assertThat(added.out().lines()).hasSize(2).last().asString().startsWith("3   Eve   eve@example.org  20");
        Ran listed = thrum("users", "list");
        assertThat(listed.status()).isZero();
        assertThat(listed.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("id  name              email            created_at"),
                        line -> assertThat(line).startsWith("3   Eve               eve@example.org  20"),
                        line -> assertThat(line)
                                .isEqualTo("2   B\\u001b[2J\\tob\\n  bob@example.org  2026-11-20T08:20:00Z"),
                        line -> assertThat(line)
                                .isEqualTo("1   Ann Lee           ann@example.org  2026-11-20T08:20:00Z"));
        assertThat(thrum("users", "list", "--limit", "1").out().lines()).hasSize(2);
    }

    @Test
    void users_whenThereAreMoreThanOnePage_areListedOnce() throws Exception {
        try (Database database = open()) {
            done(database.update("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                    + " INSERT INTO users (name, email, created_at)"
                    + " SELECT 'x', i || '@example.org', '2026-11-20T08:20:00.000Z' FROM n"));
        }
        for (int limit : new int[] {999, 1_000, 1_001, 2_000}) {
            assertThat(thrum("users", "list", "--limit", Integer.toString(limit))
                            .out()
                            .lines())
                    .hasSize(limit + 1)
                    .doesNotHaveDuplicates();
        }
        assertThat(thrum("users", "list", "--limit", "9999").out().lines()).hasSize(2_001);
    }

    @Test
    void user_whenTheAddressExists_isRefused() throws Exception {
        open().close();
        assertThat(thrum("users", "add", "Ann", "ann@example.org").status()).isZero();
        assertFailed(
                thrum("users", "add", "Bob", "ann@example.org"),
                "expected a new e-mail address but there is a user with ann@example.org: use another");
    }

    @Test
    void ledgerCheck_reportsWhetherTheLedgerAddsUp() throws Exception {
        try (Database database = open()) {
            Ledger ledger = new Ledger(database, CLOCK);
            assertSucceeded(thrum("ledger", "check"), "0 accounts, 0 entries, total 0: everything adds up" + END);
            Account account = done(ledger.open("Ann"));
            done(ledger.open("Bob"));
            done(ledger.carryOut(Operation.deposit(account.id(), 1_200), "a"));
            assertSucceeded(thrum("ledger", "check"), "2 accounts, 1 entry, total 1200: everything adds up" + END);
            done(ledger.carryOut(Operation.transfer(1, 2, 200), "b"));
            assertSucceeded(thrum("ledger", "check"), "2 accounts, 3 entries, total 1200: everything adds up" + END);
            done(database.update("UPDATE accounts SET balance = balance + 1 WHERE id = 2"));
            Ran ran = thrum("ledger", "check");
            assertThat(ran).isEqualTo(new Ran(1, "account 2 has 201 but its history adds up to 200" + END, ""));
        }
    }

    @Test
    void backup_whenRestored_hasTheSameContent() throws Exception {
        try (Database database = open()) {
            done(new Users(database, CLOCK).create("Ann", "ann@example.org"));
            done(new Ledger(database, CLOCK).open("Ann"));
            done(new Ledger(database, CLOCK).open("Bob"));
            Ran made = thrum("backup");
            assertThat(made.status()).isZero();
            String name = names(data().resolve("backups")).getFirst();
            assertThat(name).matches("thrum-\\d{8}-\\d{6}\\.db");
            Path file = data().resolve("backups").resolve(name);
            assertThat(made.out()).isEqualTo(file + ": " + Files.size(file) + " bytes" + END);
            Path restored = root.resolve("restored");
            assertSucceeded(
                    thrum("restore", file.toString(), "--data", restored.toString()),
                    restored.resolve("thrum.db") + ": 1 user, 2 accounts" + END);
            assertThat(thrum("users", "list", "--data", restored.toString()).out())
                    .isEqualTo(thrum("users", "list").out())
                    .contains("ann@example.org");
        }
    }

    @Test
    void backup_whenTheFileExists_leavesIt() throws Exception {
        open().close();
        Path file = Files.writeString(root.resolve("file"), "mine");
        assertFailed(
                thrum("backup", file.toString()), "expected a new file but " + file + " exists already: name another");
        assertThat(file).hasContent("mine");
        Path other = root.resolve("other");
        assertSucceeded(
                thrum("backup", other.toString()),
                other + ": " + Files.size(data().resolve("thrum.db")) + " bytes" + END);
    }

    @Test
    void restore_overADatabase_isRefused() throws Exception {
        open().close();
        Path file = root.resolve("file");
        assertThat(thrum("backup", file.toString()).status()).isZero();
        assertFailed(
                thrum("restore", file.toString()),
                "expected an empty folder to restore into but " + data()
                        + " holds thrum.db: name another, or move its contents elsewhere");
        assertFailed(
                thrum("restore", root.resolve("none").toString()),
                "expected a backup but there is no file " + root.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup", "restore x.db"})
    void backupAndRestore_ofAPostgresqlDatabase_areRefused_andItsToolsAreNamed(String command) {
        Ran ran = Ran.of(
                Map.of("THRUM_DB", "postgresql://ann:secret@db.example.org/thrum", "THRUM_DATA", data().toString()),
                command.split(" "));
        assertFailed(
                ran,
                "expected the embedded database but the data is in PostgreSQL ann@db.example.org:5432/thrum: back it"
                        + " up with pg_dump, and restore it with pg_restore");
    }

    @Test
    void command_whenTheFileIsNotADatabase_failsWithOneLine() throws Exception {
        Files.createDirectories(data());
        Files.writeString(data().resolve("thrum.db"), "not a database, but long enough to be read".repeat(100));
        for (String command : List.of("users list", "ledger check", "backup")) {
            Ran ran = thrum(command.split(" "));
            assertThat(ran.status()).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err())
                    .startsWith("thrum: cannot ")
                    .contains("damaged")
                    .hasLineCount(1);
        }
        assertThat(data().resolve("backups")).isEmptyDirectory();
    }
}
