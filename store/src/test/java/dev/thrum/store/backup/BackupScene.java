package dev.thrum.store.backup;

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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An embedded database in a folder, with ways to fill it and to change its file directly. */
record BackupScene(Path root) {
    static final Instant NOW = Instant.parse("2026-11-20T08:20:00Z");

    Path data() {
        return root.resolve("data");
    }

    Path file() {
        return data().resolve("thrum.db");
    }

    Database open() {
        return open(data());
    }

    static Database open(Path folder) {
        return StoreSchema.open(DatabaseConfig.of(Source.embedded(folder)));
    }

    /** A database with a user and an account that has 100. */
    BackupScene filled() throws Exception {
        try (Database database = open()) {
            done(new Users(database, InstantSource.fixed(NOW)).create("Ann", "ann@example.org"));
            Ledger ledger = new Ledger(database, InstantSource.fixed(NOW));
            Account account = done(ledger.open("Ann"));
            done(ledger.carryOut(Operation.deposit(account.id(), 100), "first"));
        }
        return this;
    }

    BackupScene withRows(int rows) throws SQLException {
        execute(
                file(),
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ")"
                        + " INSERT INTO accounts (owner, balance, created_at)"
                        + " SELECT hex(randomblob(20)), 0, '2026-11-20T08:20:00.000Z' FROM n");
        return this;
    }

    Backup backup() {
        return new Backup(Source.embedded(data()), InstantSource.fixed(NOW));
    }

    static void execute(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        }
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static <T> T done(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }
}
