package dev.thrum.database;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.store.StoreSchema;
import dev.thrum.testkit.LeakCheck;
import dev.thrum.testkit.LogCapture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The path of the embedded database, and the permissions of its files. */
@ExtendWith(LeakCheck.class)
final class SqliteFilesTest {
    private static final String INSERT = "INSERT INTO users (name, email, created_at) VALUES ('n', ?, ?)";

    @TempDir
    private Path folder;

    private static Database open(Path at) {
        return StoreSchema.open(DatabaseConfig.of(Source.embedded(at)));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x?journal_mode=off",
                "x?mode=memory&cache=shared",
                "mode=memory",
                "x#y",
                "%41",
                "100%",
                "a b",
                "M\u00FCller \uD83D\uDE00",
                "a&b;c",
                "'\"`",
                "back\\slash",
                "a\nb",
                ":memory:",
                "file:x",
                ":resource:x",
                "?"
            })
    void noCharacterOfAPathIsInterpreted(String name) throws IOException {
        Path data = folder.resolve(name);
        try (Database database = open(data)) {
            get(database.update(INSERT, "here", Instant.EPOCH));
            assertThat(get(database.query("PRAGMA journal_mode", row -> row.text(1))))
                    .containsExactly("wal");
            assertThat(Files.size(data.resolve("thrum.db-wal"))).isPositive();
        }
        try (Database database = open(data)) {
            assertThat(get(database.query("SELECT email FROM users", row -> row.text(1))))
                    .containsExactly("here");
        }
        try (Stream<Path> siblings = Files.list(folder)) {
            assertThat(siblings).containsExactly(data);
        }
        try (Stream<Path> inside = Files.list(data)) {
            assertThat(inside).contains(data.resolve("thrum.db"));
        }
    }

    @Test
    void onlyTheOwnerCanAccess_theFilesAndTheCreatedFolder() throws IOException {
        Path data = folder.resolve("above").resolve("data");
        try (Database database = open(data)) {
            get(database.update(INSERT, "secret", Instant.EPOCH));
            for (String name : List.of("thrum.db", "thrum.db-wal", "thrum.db-shm", "thrum.db.lock")) {
                assertThat(permissions(data.resolve(name))).as(name).isEqualTo("rw-------");
            }
        }
        assertThat(permissions(data)).isEqualTo("rwx------");
    }

    @Test
    void filesThatOthersCouldRead_losePermissions_andTheFolderKeepsIts() throws IOException {
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        open(data).close();
        Files.setPosixFilePermissions(data.resolve("thrum.db"), PosixFilePermissions.fromString("rw-r--r--"));
        try (LogCapture log = new LogCapture(Database.class);
                Database database = open(data)) {
            get(database.update(INSERT, "secret", Instant.EPOCH));

            assertThat(permissions(data.resolve("thrum.db"))).isEqualTo("rw-------");
            assertThat(permissions(data.resolve("thrum.db-wal"))).isEqualTo("rw-------");
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .anySatisfy(line -> assertThat(line).contains("could be used by others (rw-r--r--)"));
        }
        assertThat(permissions(data)).isEqualTo("rwxr-x---");
    }
}
