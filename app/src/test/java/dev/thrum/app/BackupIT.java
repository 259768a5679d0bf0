package dev.thrum.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.Source;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.StoreSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups made by one process while another writes. */
@Timeout(180)
final class BackupIT {
    @TempDir
    private Path root;

    private static List<String> run(String... arguments) throws IOException {
        try (Child child = Child.thrum(arguments)) {
            assertThat(child.awaitExit()).as("%s", child.err()).isZero();
            assertThat(child.err()).isEmpty();
            return child.out();
        }
    }

    private static <T> T done(CompletableFuture<T> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void backup_whileAnotherProcessWrites_addsUp_andContainsWhatWasAcknowledged() throws Exception {
        Path data = root.resolve("data");
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong acknowledged = new AtomicLong();
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)))) {
            Ledger ledger = new Ledger(database, InstantSource.system());
            done(ledger.open("Ann"));
            CompletableFuture<Void> writer = CompletableFuture.runAsync(
                    () -> {
                        while (!over.get()) {
                            done(ledger.carryOut(Operation.deposit(1, 1), "key " + acknowledged.get()));
                            acknowledged.incrementAndGet();
                        }
                    },
                    Thread::startVirtualThread);
            try {
                for (int round = 0; round < 3; round++) {
                    String copy = root.resolve("copy-" + round).toString();
                    String restored = root.resolve("restored-" + round).toString();
                    long before = acknowledged.get();
                    run("backup", copy, "--data", data.toString());
                    long after = acknowledged.get() + 1;
                    run("restore", copy, "--data", restored);
                    String report = run("ledger", "check", "--data", restored).getFirst();
                    assertThat(report).startsWith("1 account, ").endsWith(": everything adds up");
                    long total = Long.parseLong(report.replaceFirst(".*total (\\d+):.*", "$1"));
                    assertThat(total).isBetween(before, after);
                    assertThat(writer).isNotDone();
                }
            } finally {
                over.set(true);
            }
            done(writer);
        }
    }

    @Test
    void users_whenAddedByAnotherProcess_areSeenAtOnce() throws Exception {
        Path data = root.resolve("data");
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)))) {
            assertThat(run("users", "add", "Ann", "ann@example.org", "--data", data.toString()))
                    .hasSize(2);
            assertThat(done(database.query("SELECT email FROM users", row -> row.text(1))))
                    .containsExactly("ann@example.org");
        }
    }

    @Test
    void backup_whenTheDiskIsFull_failsWithOneLine_andLeavesNothing() throws Exception {
        Path data = root.resolve("data");
        try (Database database = StoreSchema.open(DatabaseConfig.of(Source.embedded(data)))) {
            done(database.update("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                    + " INSERT INTO accounts (owner, balance, created_at)"
                    + " SELECT hex(randomblob(500)), 0, '2026-11-20T08:20:00.000Z' FROM n"));
        }
        Path target = root.resolve("target");
        // A limit of 10 MiB for a file stands in for a full disk.
        String limited = "ulimit -f 10240 && exec \"$@\"";
        try (Child child = Child.start(
                Map.of(),
                List.of(
                        "bash",
                        "-c",
                        limited,
                        "-",
                        Child.dist().resolve("thrum").toString(),
                        "backup",
                        target.toString(),
                        "--data",
                        data.toString()))) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(child.err()).singleElement().asString().startsWith("thrum: cannot back up " + data);
        }
        assertThat(root).isDirectoryNotContaining(file -> !file.equals(data));
    }
}
