package dev.thrum.store.backup;

import static dev.thrum.store.backup.BackupScene.NOW;
import static dev.thrum.store.backup.BackupScene.done;
import static dev.thrum.store.backup.BackupScene.execute;
import static dev.thrum.store.backup.BackupScene.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thrum.database.Database;
import dev.thrum.database.Source;
import dev.thrum.store.Account;
import dev.thrum.store.Audit;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.Page;
import dev.thrum.store.User;
import dev.thrum.store.Users;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class BackupTest {
    private static final int WRITERS = 3;

    @TempDir
    private Path root;

    private BackupScene scene;

    @BeforeEach
    void fill() throws Exception {
        scene = new BackupScene(root).filled();
    }

    @Test
    void backup_duringWrites_isSound_andContainsWhatWasAcknowledgedBefore() throws Exception {
        AtomicLong acknowledged = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch warm = new CountDownLatch(WRITERS);
        try (Database database = scene.open()) {
            Ledger ledger = new Ledger(database, InstantSource.system());
            Account other = done(ledger.open("Bob"));
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String writer = "writer " + i;
                writers.add(CompletableFuture.runAsync(
                        () -> write(ledger, other, writer, acknowledged, over, warm), Thread::startVirtualThread));
            }
            assertThat(warm.await(60, TimeUnit.SECONDS)).isTrue();
            for (int round = 0; round < 5; round++) {
                Path file = root.resolve("backup-" + round);
                long before = acknowledged.get();
                scene.backup().to(file);
                long after = acknowledged.get() + WRITERS;
                Path copy = root.resolve("copy-" + round);
                Backup.restore(file, copy);
                try (Database restored = BackupScene.open(copy)) {
                    Audit audit = done(new Ledger(restored, InstantSource.system()).check());
                    assertThat(audit.differences()).isEmpty();
                    assertThat(audit.total())
                            .isBetween(BigInteger.valueOf(100 + before), BigInteger.valueOf(100 + after));
                }
            }
            over.set(true);
            for (CompletableFuture<Void> writer : writers) {
                writer.get(60, TimeUnit.SECONDS);
            }
        }
    }

    /** Deposits 1 and transfers 1, again and again. */
    private static void write(
            Ledger ledger,
            Account other,
            String writer,
            AtomicLong acknowledged,
            AtomicBoolean over,
            CountDownLatch warm) {
        try {
            for (int i = 0; !over.get(); i++) {
                done(ledger.carryOut(Operation.deposit(1, 1), writer + " deposit " + i));
                acknowledged.incrementAndGet();
                done(ledger.carryOut(Operation.transfer(1, other.id(), 1), writer + " transfer " + i));
                warm.countDown();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void backup_whenRestored_hasTheSameContent() throws Exception {
        Backup.Written written = scene.backup().to(root.resolve("copy.db"));
        assertThat(written.file()).hasSize(written.bytes());
        assertThat(Backup.restore(written.file(), root.resolve("a/b")))
                .isEqualTo(new Backup.Restored(root.resolve("a/b/thrum.db"), 1, 1));
        assertThat(names(root.resolve("a/b"))).containsExactly("thrum.db");
        try (Database restored = BackupScene.open(root.resolve("a/b"))) {
            assertThat(done(new Users(restored, InstantSource.system()).list(Page.first())))
                    .containsExactly(new User(1, "Ann", "ann@example.org", NOW));
            assertThat(done(new Ledger(restored, InstantSource.system()).account(1)))
                    .contains(new Account(1, "Ann", 100, NOW));
        }
    }

    @Test
    void backup_whenTheTargetExists_isRefused_andTheTargetStays() throws Exception {
        Path file = Files.writeString(root.resolve("precious"), "mine");
        assertThatThrownBy(() -> scene.backup().to(file))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a new file but " + file + " exists already: name another");
        assertThat(file).hasContent("mine");
        assertThat(names(root)).containsExactly("data", "precious");
    }

    @Test
    void backup_whenAFolderIsMissing_fails_andNamesIt() throws Exception {
        assertThatThrownBy(() -> scene.backup().to(root.resolve("no/copy.db")))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a folder " + root.resolve("no")
                        + " but there is none: create it, or name another file");
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> scene.backup().into(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("expected " + file + " to be a folder but it is a file");
    }

    @Test
    void backup_whenThereIsNoDatabase_fails_andLeavesNothing() throws Exception {
        BackupScene empty = new BackupScene(Files.createDirectory(root.resolve("empty")));
        Path backups = root.resolve("backups");
        assertThatThrownBy(() -> empty.backup().into(backups))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a database " + empty.file() + " but there is none");
        assertThat(names(backups)).isEmpty();
        assertThat(names(empty.root())).isEmpty();
    }

    @Test
    void backup_ofADamagedDatabase_fails_andLeavesNothing() throws Exception {
        scene.withRows(5_000);
        damage(scene.file());
        Path backups = root.resolve("backups");
        assertThatThrownBy(() -> scene.backup().into(backups))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the file is damaged")
                .hasMessageContaining("thrum restore");
        assertThat(names(backups)).isEmpty();
    }

    @Test
    void backup_ofAFileWithoutOurTables_fails_andLeavesNothing() throws Exception {
        BackupScene other = new BackupScene(root.resolve("other"));
        Files.createDirectories(other.data());
        execute(other.file(), "CREATE TABLE other (x INTEGER)");
        Path backups = root.resolve("backups");
        assertThatThrownBy(() -> other.backup().into(backups))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such table");
        assertThat(names(backups)).isEmpty();
    }

    /** A short backup is interrupted at its end, a long one in the middle. */
    @ParameterizedTest
    @ValueSource(ints = {1, 20_000})
    void backup_whenInterrupted_ends_andLeavesNothing(int rows) throws Exception {
        scene.withRows(rows);
        Path backups = Files.createDirectory(root.resolve("backups"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> scene.backup().into(backups)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(names(backups)).isEmpty();
    }

    @Test
    void backup_afterAnotherWasKilled_deletesItsFilesThatAreOlderThanADay() throws Exception {
        Path backups = Files.createDirectory(root.resolve("backups"));
        for (String left : List.of("thrum-20261118-082000.db.7.part", "thrum-20261118-082000.db.7.part-journal")) {
            Path file = Files.createFile(backups.resolve(left));
            Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-18T08:20:00Z")));
        }
        Path young = Files.createFile(backups.resolve("thrum-20261120-081959.db.8.part"));
        Files.setLastModifiedTime(young, FileTime.from(Instant.parse("2026-11-20T08:19:59Z")));
        scene.backup().into(backups, 1);
        assertThat(names(backups)).containsExactly("thrum-20261120-081959.db.8.part", "thrum-20261120-082000.db");
    }

    @Test
    void backupsOfOneSecond_haveDifferentNames() throws Exception {
        Path backups = root.resolve("backups");
        for (int i = 0; i < 3; i++) {
            scene.backup().into(backups);
        }
        assertThat(names(backups))
                .containsExactly(
                        "thrum-20261120-082000-2.db", "thrum-20261120-082000-3.db", "thrum-20261120-082000.db");
    }

    @Test
    void backup_withALimit_deletesOldBackups_andNothingElse() throws Exception {
        Path backups = Files.createDirectory(root.resolve("backups"));
        List<String> otherFiles =
                List.of("notes.txt", "thrum-20200101-000000.db.gz", "thrum-2020-1-1.db", "xthrum-20200101-000000.db");
        for (String name : otherFiles) {
            Files.createFile(backups.resolve(name));
        }
        Files.createDirectory(backups.resolve("thrum-20190101-000000.db"));
        for (String second : List.of("20251231-235959", "20261120-081959", "20261120-081959-2", "20261120-081959-10")) {
            Files.createFile(backups.resolve("thrum-" + second + ".db"));
        }
        Backup.Written written = scene.backup().into(backups, 3);
        assertThat(written.file()).hasFileName("thrum-20261120-082000.db");
        assertThat(names(backups))
                .contains("thrum-20190101-000000.db")
                .containsAll(otherFiles)
                .filteredOn(name -> name.startsWith("thrum-2026"))
                .containsExactly(
                        "thrum-20261120-081959-10.db", "thrum-20261120-081959-2.db", "thrum-20261120-082000.db");
        assertThat(names(backups)).hasSize(3 + 1 + otherFiles.size());
    }

    @Test
    void backup_whenTheClockWasSetBack_isNotDeleted_andFilesDatedLaterDoNotCount() throws Exception {
        Path backups = Files.createDirectory(root.resolve("backups"));
        Files.createFile(backups.resolve("thrum-20991231-235959.db"));
        Files.createFile(backups.resolve("thrum-20261119-082000.db"));
        Files.createFile(backups.resolve("thrum-20261118-082000.db"));
        scene.backup().into(backups, 2);
        assertThat(names(backups))
                .containsExactly("thrum-20261119-082000.db", "thrum-20261120-082000.db", "thrum-20991231-235959.db");
        assertThatThrownBy(() -> scene.backup().into(backups, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void backup_ofAServer_isRefused_andNamesTheAlternative() {
        Source server = Source.postgresql("postgresql://ann:secret@db.example.org/thrum", Map.of());
        assertThatThrownBy(() -> new Backup(server, InstantSource.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("back it up with pg_dump, and restore it with pg_restore")
                .hasMessageNotContaining("secret");
    }

    /** Overwrites the middle of a file. */
    private static void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = bytes.length / 2; i < bytes.length / 2 + 20_000; i++) {
            bytes[i] = (byte) 0xa5;
        }
        Files.write(file, bytes);
    }
}
