package dev.thrum.database;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint copies the write-ahead log into the file, and a failure to do so is reported. */
@ExtendWith(LeakCheck.class)
final class CheckpointTest {
    private static final Path STRACE = Path.of("/usr/bin/strace");

    private final Path folder;
    private final Site site;
    private final LogCapture log = new LogCapture(Database.class);

    CheckpointTest(@TempDir Path folder) {
        this.folder = folder;
        site = new Site(Kind.SQLITE, folder.resolve("data"));
    }

    @AfterEach
    void close() {
        site.close();
        log.close();
    }

    private static CompletableFuture<Integer> insert(Database database, String email) {
        return database.update("INSERT INTO users (name, email, created_at) VALUES ('n', ?, ?)", email, Instant.EPOCH);
    }

    private Path wal() {
        return site.file().resolveSibling("thrum.db-wal");
    }

    /** The number of users that a program finds that has only the file. */
    private long usersInTheFile(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        Files.copy(site.file(), copy.resolve("thrum.db"), StandardCopyOption.REPLACE_EXISTING);
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(copy)))) {
            return get(database.query("SELECT COUNT(*) FROM users", row -> row.number(1)))
                    .getFirst();
        }
    }

    @Test
    void committedRowsAreInTheFile_afterACheckpoint() throws IOException {
        Database database = site.open();
        get(insert(database, "one"));
        assertThat(usersInTheFile("before")).isZero();

        assertThat(database.checkpoint()).matches("([1-9]\\d*) of \\1 pages of the log are in the file");
        assertThat(usersInTheFile("after")).isEqualTo(1);
        assertThat(database.fault()).isEmpty();
    }

    @Test
    void nothingAcknowledgedIsLost_whenTheWalIsRemoved_andThatIsLogged() throws IOException {
        Database database = site.open();
        get(insert(database, "before"));
        get(database.query("SELECT 1", row -> 1));
        Files.delete(wal());

        get(insert(database, "after"));
        assertThat(get(database.query("SELECT email FROM users ORDER BY id", row -> row.text(1))))
                .containsExactly("before", "after");
        assertThat(wal()).exists();
        assertThat(site.number("SELECT COUNT(*) FROM users")).isEqualTo(2);
        assertThat(log.records())
                .extracting(LogRecord::getMessage)
                .anySatisfy(line -> assertThat(line).contains("thrum.db-wal has been removed while it was in use"));
    }

    @Test
    void databaseHasAFault_whileTheDiskFailsOnlyForTheFile() throws Exception {
        if ("true".equals(System.getenv("CI"))) {
            assertThat(STRACE).isExecutable();
        }
        assumeTrue(Files.isExecutable(STRACE), "not run: needs strace (Debian: apt install strace)");
        Database database = site.open();
        get(insert(database, "before"));
        Process faults = new ProcessBuilder(
                        STRACE.toString(),
                        "-f",
                        "-p",
                        String.valueOf(ProcessHandle.current().pid()),
                        "-P",
                        site.file().toString(),
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:error=EIO",
                        "-o",
                        "/dev/null")
                .redirectErrorStream(true)
                .start();
        try {
            // strace prints a line once it has attached itself.
            assertThat(faults.inputReader().readLine()).contains("attached");
            DatabaseException failing = catchThrowableOfType(DatabaseException.class, database::checkpoint);
            assertThat(failing.reason()).isEqualTo(DatabaseException.Reason.UNAVAILABLE);
            assertThat(failing).hasMessageContaining("the disk fails to read or write");
            assertThat(get(insert(database, "meanwhile"))).isEqualTo(1);
            assertThat(database.fault()).isPresent();
        } finally {
            faults.destroy();
            assertThat(faults.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(database.checkpoint()).contains("pages of the log are in the file");
        assertThat(database.fault()).isEmpty();
    }
}
