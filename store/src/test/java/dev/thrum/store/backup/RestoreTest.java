package dev.thrum.store.backup;

import static dev.thrum.store.backup.BackupScene.execute;
import static dev.thrum.store.backup.BackupScene.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.database.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files are restored and which are refused, and that a refusal leaves nothing behind. */
@Timeout(120)
final class RestoreTest {
    @TempDir
    private Path root;

    private BackupScene scene;
    private Path backup;

    @BeforeEach
    void backUp() throws Exception {
        scene = new BackupScene(root).filled().withRows(2_000);
        backup = root.resolve("backup.db");
        scene.backup().to(backup);
    }

    private void refused(Path file, String... why) {
        Path target = root.resolve("new/folder");
        assertThatThrownBy(() -> Backup.restore(file, target))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(why);
        assertThat(root.resolve("new")).doesNotExist();
    }

    @Test
    void restore_intoAnEmptyFolder_works() throws Exception {
        Path folder = Files.createDirectory(root.resolve("empty"));
        assertThat(Backup.restore(backup, folder)).isEqualTo(new Backup.Restored(folder.resolve("thrum.db"), 1, 2_001));
        assertThat(names(folder)).containsExactly("thrum.db");
    }

    @Test
    void restore_whenTheFolderIsNotEmpty_isRefused_andTheFolderStays() throws Exception {
        byte[] before = Files.readAllBytes(scene.file());
        assertThatThrownBy(() -> Backup.restore(backup, scene.data()))
                .isInstanceOf(IOException.class)
                .hasMessage("expected an empty folder to restore into but " + scene.data()
                        + " holds thrum.db: name another, or move its contents elsewhere");
        assertThat(names(scene.data())).containsExactlyInAnyOrder("thrum.db", "thrum.db.lock");
        assertThat(scene.file()).hasBinaryContent(before);
    }

    @Test
    void restore_whenTheFolderIsAFile_isRefused() throws Exception {
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> Backup.restore(backup, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a file: name another");
        assertThat(file).exists();
    }

    @Test
    void restore_ofAMissingFile_isRefused() {
        Path none = root.resolve("none.db");
        refused(none, "expected a backup but there is no file " + none);
        refused(scene.data(), "expected a backup but there is no file " + scene.data());
    }

    @Test
    void restore_ofAnotherKindOfFile_isRefused() throws Exception {
        refused(Files.writeString(root.resolve("x"), "SQLite?"), "it is not an SQLite file");
        refused(Files.createFile(root.resolve("y")), "it is not an SQLite file");
    }

    @Test
    void restore_ofADatabaseWithOtherTables_isRefused() throws Exception {
        Path other = root.resolve("other.db");
        execute(other, "CREATE TABLE users (id INTEGER)", "CREATE TABLE accounts (id INTEGER)");
        refused(other, "it has none of Thrum's tables");
    }

    @Test
    void restore_ofOtherTablesWithTheSameVersions_isRefused() throws Exception {
        execute(backup, "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        refused(backup, "its tables differ from Thrum's");
    }

    @Test
    void restore_whenTheTablesAreNewerThanTheProgram_isRefused() throws Exception {
        execute(
                backup,
                "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success)"
                        + " SELECT 99, '99', 'future', type, 'V99__future.sql', 1, installed_by, 1, 1"
                        + " FROM flyway_schema_history WHERE version = '1'");
        refused(backup, "its tables have version 99, made by a newer program: use that one");
    }

    @Test
    void restore_whenPagesAreDamaged_isRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(backup);
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 5_000, (byte) 0xa5);
        refused(Files.write(root.resolve("damaged.db"), bytes), "damaged", "use another one");
    }

    @Test
    void restore_whenAnIndexDisagreesWithItsTable_isRefused() throws Exception {
        execute(
                backup,
                "INSERT INTO entries (id, operation_id, account_id, amount, balance) VALUES (50, 1, 2, 5, 5)",
                "PRAGMA writable_schema = ON",
                "UPDATE sqlite_schema SET sql = replace(sql, '(account_id, id)', '(id, account_id)')"
                        + " WHERE name = 'entries_by_account'");
        refused(backup, "the file is damaged", "use another one");
    }

    @Test
    void restore_ofATruncatedFile_isRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(backup);
        for (int length : new int[] {100, 4_096, bytes.length / 2, bytes.length - 4_096, bytes.length - 1}) {
            refused(Files.write(root.resolve("short.db"), Arrays.copyOf(bytes, length)), "use another one");
        }
    }

    @Test
    void restore_ofADatabaseInUse_isRefused_becauseItsWalIsMissing() throws Exception {
        try (Database database = scene.open()) {
            BackupScene.done(database.update("UPDATE users SET name = 'Bob'"));
            refused(scene.file(), "it is in use", "thrum backup");
        }
    }

    @Test
    void restore_whenInterrupted_ends_andLeavesNothing() throws Exception {
        Path target = root.resolve("new/folder");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Backup.restore(backup, target)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(root.resolve("new")).doesNotExist();
        assertThat(backup).exists();
    }
}
