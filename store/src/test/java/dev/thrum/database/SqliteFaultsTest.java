package dev.thrum.database;

import static dev.thrum.database.Waits.failure;
import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.database.DatabaseException.Reason;
import dev.thrum.database.dialect.Sqlite;
import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How the embedded database behaves and what it reports when its file or its disk fails. */
@ExtendWith(LeakCheck.class)
final class SqliteFaultsTest {
    private static final String INSERT = "INSERT INTO users (name, email, created_at) VALUES ('n', ?, ?)";

    private final Path folder;
    private final Site site;
    private final LogCapture log = new LogCapture(Database.class);

    SqliteFaultsTest(@TempDir Path folder) {
        this.folder = folder;
        site = new Site(Kind.SQLITE, folder);
    }

    @AfterEach
    void close() {
        site.close();
        log.close();
    }

    private static CompletableFuture<Integer> insert(Database database, String email) {
        return database.update(INSERT, email, Instant.EPOCH);
    }

    private static DatabaseException openingFails(Path at) {
        return catchThrowableOfType(
                DatabaseException.class,
                () -> StoreSchema.open(DatabaseConfig.of(Source.embedded(at))).close());
    }

    private List<LogRecord> warnings() {
        return log.records().stream()
                .filter(logged -> logged.getLevel().intValue() >= Level.WARNING.intValue())
                .toList();
    }

    @Test
    void writesAreRefusedWithTheRemedy_whileAnotherProgramHoldsTheLock_andWorkAfterwards() throws SQLException {
        Database database = site.open(config -> config.withDeadline(Duration.ofSeconds(1)));
        get(insert(database, "before"));
        try (Connection other = site.plain();
                var statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (int i = 0; i < 2; i++) {
                DatabaseException locked = failure(insert(database, "locked"));
                assertThat(locked.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(locked).hasMessageContaining("another program holds its lock: end that");
            }
            assertThat(get(database.query("SELECT COUNT(*) FROM users", row -> row.number(1))))
                    .containsExactly(1L);
            assertThat(database.fault())
                    .hasValueSatisfying(fault ->
                            assertThat(fault).contains(site.file().toString()).contains("lock"));
            statement.execute("ROLLBACK");
        }
        get(insert(database, "after"));

        assertThat(database.fault()).isEmpty();
        assertThat(warnings()).as("log entries about the fault").hasSize(1);
        assertThat(log.records()).anyMatch(logged -> logged.getMessage().contains("works again"));
        assertThat(site.number("SELECT COUNT(*) FROM users")).isEqualTo(2);
    }

    @Test
    void writesAreRefused_whenTheDatabaseMayNotGrow_andWorkAgainWhenItMay() {
        Database database = site.open();
        get(database.transaction(session -> {
            long pages =
                    session.query("PRAGMA page_count", row -> row.number(1)).getFirst();
            return session.query("PRAGMA max_page_count = " + (pages + 2), row -> row.number(1));
        }));
        String big = "x".repeat(100_000);

        DatabaseException full = failure(insert(database, big));
        assertThat(full.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(full).hasMessageContaining("the disk is full: free some space");
        // The limit belonged to the connection, which has been closed since.
        assertThat(get(insert(database, big))).isEqualTo(1);
        assertThat(database.fault()).isEmpty();
    }

    @Test
    void acknowledgedRowsExist_whenARealDiskIsFull_andWritesWorkAgainWhenThereIsSpace() throws Exception {
        Path mounted = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mounted.toString()),
                "not run: needs the right to mount a file system");
        try {
            Path ballast = Files.write(mounted.resolve("ballast"), new byte[500_000]);
            try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(mounted)))) {
                int acknowledged = fill(database);
                assertThat(database.fault()).isPresent();
                assertThat(get(database.query("SELECT COUNT(*) FROM users", row -> row.number(1))))
                        .containsExactly((long) acknowledged);
                Files.delete(ballast);
                assertThat(get(insert(database, "after"))).isEqualTo(1);
                assertThat(database.fault()).isEmpty();
            }
        } finally {
            assertThat(run("umount", mounted.toString())).isTrue();
        }
    }

    /** Writes until there is no space; returns how many were acknowledged. */
    private static int fill(Database database) {
        int acknowledged = 0;
        for (int i = 0; i < 1_000; i++) {
            CompletableFuture<Integer> call = insert(database, i + "x".repeat(20_000));
            if (Waits.outcome(call).isPresent()) {
                DatabaseException full = failure(call);
                assertThat(full.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(full).hasMessageContaining("the disk is full: free some space");
                return acknowledged;
            }
            acknowledged++;
        }
        throw new AssertionError("expected the disk to be full");
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void openingFailsWithTheRemedy_whenTheFileIsNotADatabase_andTheFileStays() throws IOException {
        byte[] text = "this is no database at all, but a text. ".repeat(200).getBytes(StandardCharsets.UTF_8);
        Files.write(site.file(), text);

        DatabaseException damaged = openingFails(folder);
        assertThat(damaged.reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(damaged).hasMessageContaining(site.file().toString()).hasMessageContaining("damaged");
        assertThat(Files.readAllBytes(site.file())).isEqualTo(text);
    }

    @Test
    void callsFail_whenTheFileIsDamagedWhileInUse_andWorkAgainWhenItIsReplaced() throws IOException {
        Database database = site.open(config -> config.withDeadline(Duration.ofSeconds(10)));
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            calls.add(insert(database, i + "x".repeat(1_000)));
        }
        calls.forEach(Waits::get);
        Path good = backup();
        byte[] bytes = Files.readAllBytes(good);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = i < 100 ? bytes[i] : (byte) 0x5a;
        }
        replace(Files.write(folder.resolve("bad"), bytes));

        DatabaseException read = failure(database.query("SELECT email FROM users", row -> row.text(1)));
        DatabaseException write = failure(insert(database, "w"));
        assertThat(List.of(read, write)).allSatisfy(failure -> {
            assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("the file is damaged").hasMessageContaining("backup");
        });
        assertThat(database.fault()).isPresent();
        replace(good);

        assertThat(get(insert(database, "after"))).isEqualTo(1);
        assertThat(get(database.query("SELECT COUNT(*) FROM users", row -> row.number(1))))
                .containsExactly(301L);
        assertThat(database.fault()).isEmpty();
    }

    private Path backup() {
        Path copy = folder.resolve("backup");
        site.execute("VACUUM INTO '" + copy + "'");
        return copy;
    }

    /** Replaces the database file, as restoring a backup does. */
    private void replace(Path other) throws IOException {
        Files.deleteIfExists(folder.resolve(Sqlite.FILE + "-wal"));
        Files.deleteIfExists(folder.resolve(Sqlite.FILE + "-shm"));
        Files.move(other, site.file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void otherProgramsCanWrite_whileOneReadsForLong() {
        Database reading = site.open(config -> config.withThreads(1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<Integer> check = reading.snapshot(session -> {
            session.query("SELECT COUNT(*) FROM users", row -> row.number(1));
            begun.countDown();
            Waits.await(enough);
            return 0;
        });
        Waits.await(begun);
        try {
            get(insert(site.open(), "other program"));
            get(insert(reading, "reading program"));
        } finally {
            enough.countDown();
        }
        get(check);
    }

    /** The first call after the fault is over tries again instead of failing with the earlier fault. */
    @Test
    void callsWorkAtOnce_whenTheFaultIsOver() throws IOException {
        Database database = site.open();
        get(insert(database, "before"));
        Path away = folder.resolve("away");
        for (int i = 0; i < 50; i++) {
            Files.move(site.file(), away);
            assertThat(failure(insert(database, "lost")).reason()).isEqualTo(Reason.UNAVAILABLE);
            Files.move(away, site.file());
            get(insert(database, "after" + i));
        }
    }

    @Test
    void callsFail_whenTheFileIsGone_insteadOfCreatingOne_andWorkAgainWhenItIsBack() throws IOException {
        Database database = site.open();
        get(insert(database, "before"));
        get(database.query("SELECT 1", row -> 1));
        Path good = backup();
        Files.delete(site.file());

        for (int i = 0; i < 2; i++) {
            DatabaseException write = failure(insert(database, "lost?"));
            DatabaseException read = failure(database.query("SELECT 1", row -> 1));
            assertThat(List.of(write, read)).allSatisfy(failure -> {
                assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
                assertThat(failure).hasMessageContaining("the file can't be opened: is it there");
            });
        }
        assertThat(site.file()).doesNotExist();
        replace(good);

        get(insert(database, "after"));
        assertThat(get(database.query("SELECT email FROM users ORDER BY id", row -> row.text(1))))
                .containsExactly("before", "after");
        assertThat(database.fault()).isEmpty();
    }

    @Test
    void openingFailsWithTheRemedy_whenTheFolderIsAFile_orCannotBeCreated() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(openingFails(file)).hasMessageContaining("to be a folder but it is a file");
        assertThat(openingFails(file.resolve("below"))).hasMessageContaining("cannot make SQLite");
        assertThat(openingFails(Path.of("/proc/nothing"))).hasMessageContaining("cannot make SQLite");
        Files.createDirectory(site.file());
        assertThat(openingFails(folder).reason()).isEqualTo(Reason.UNAVAILABLE);
    }
}
