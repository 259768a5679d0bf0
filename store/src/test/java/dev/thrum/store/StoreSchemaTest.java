package dev.thrum.store;

import static dev.thrum.database.Waits.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Kind;
import dev.thrum.database.PostgresServer;
import dev.thrum.database.Schema;
import dev.thrum.database.Site;
import dev.thrum.database.Source;
import dev.thrum.database.dialect.ProcessLock;
import dev.thrum.testkit.LeakCheck;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({PostgresServer.class, LeakCheck.class})
final class StoreSchemaTest {
    private static final Set<String> TABLES = Set.of("users", "accounts", "operations", "entries");

    @Test
    void migrationsCreateTheSameTables_onEveryDatabase(@TempDir Path folder) throws SQLException {
        Map<String, Set<String>> embedded;
        Map<String, Set<String>> server;
        try (Site site = new Site(Kind.SQLITE, folder)) {
            site.open();
            embedded = describe(site);
        }
        try (Site site = new Site(Kind.POSTGRESQL, folder)) {
            site.open();
            server = describe(site);
        }

        assertThat(embedded.keySet()).containsExactlyInAnyOrderElementsOf(TABLES);
        assertThat(embedded).isEqualTo(server);
        assertThat(embedded.get("entries")).contains("index account_id,id", "column amount WHOLE not null");
        assertThat(embedded.get("users")).contains("unique email", "column created_at TIME not null");
    }

    private static Map<String, Set<String>> describe(Site site) throws SQLException {
        Map<String, Set<String>> tables = new TreeMap<>();
        try (Connection connection = site.plain()) {
            DatabaseMetaData meta = connection.getMetaData();
            try (ResultSet found = meta.getTables(null, null, "%", new String[] {"TABLE"})) {
                while (found.next()) {
                    tables.put(found.getString("TABLE_NAME"), new TreeSet<>());
                }
            }
            tables.keySet().retainAll(TABLES);
            for (Map.Entry<String, Set<String>> table : tables.entrySet()) {
                columns(meta, table.getKey(), table.getValue());
                indexes(meta, table.getKey(), table.getValue());
            }
        }
        return tables;
    }

    private static void columns(DatabaseMetaData meta, String table, Set<String> into) throws SQLException {
        try (ResultSet columns = meta.getColumns(null, null, table, "%")) {
            while (columns.next()) {
                String name = columns.getString("COLUMN_NAME");
                boolean nullable = columns.getInt("NULLABLE") == DatabaseMetaData.columnNullable;
                into.add("column " + name + " " + type(name, columns.getString("TYPE_NAME"))
                        + (nullable ? "" : " not null"));
            }
        }
    }

    /** A type name common to both databases. SQLite stores times as text. */
    private static String type(String column, String given) {
        return switch (given.toLowerCase(Locale.ROOT)) {
            case "integer", "int8", "bigint", "bigserial" -> "WHOLE";
            case "timestamptz" -> "TIME";
            case "text" -> column.endsWith("_at") ? "TIME" : "TEXT";
            default -> given;
        };
    }

    private static void indexes(DatabaseMetaData meta, String table, Set<String> into) throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        Map<String, Boolean> unique = new TreeMap<>();
        try (ResultSet found = meta.getIndexInfo(null, null, table, false, false)) {
            while (found.next()) {
                String name = found.getString("INDEX_NAME");
                if (name != null) {
                    columns.computeIfAbsent(name, _ -> new ArrayList<>()).add(found.getString("COLUMN_NAME"));
                    unique.put(name, !found.getBoolean("NON_UNIQUE"));
                }
            }
        }
        // In SQLite the table itself is the primary key; there is no index for it.
        columns.forEach((name, of) ->
                into.add((Boolean.TRUE.equals(unique.get(name)) ? "unique " : "index ") + String.join(",", of)));
        into.remove("unique id");
        try (ResultSet key = meta.getPrimaryKeys(null, null, table)) {
            while (key.next()) {
                into.add("key " + key.getString("COLUMN_NAME"));
            }
        }
    }

    @Test
    void migrationFilesAreTheSame_inBothFolders() throws IOException {
        List<List<String>> versions = new ArrayList<>();
        for (String folder : List.of("sqlite", "postgresql")) {
            try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/thrum/store/migrations", folder))) {
                versions.add(files.map(file -> file.getFileName().toString())
                        .sorted()
                        .toList());
            }
        }

        assertThat(versions.getFirst()).isEqualTo(StoreSchema.FILES).isEqualTo(versions.getLast());
    }

    /** A start can skip Flyway; but every difference that Flyway would notice is noticed. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void schemaIsUpToDate_unlessAnythingInItsHistoryDiffers(Kind kind, @TempDir Path folder) {
        try (Site site = new Site(kind, folder)) {
            Schema.Target target = Source.schemaTarget(site.source().dialect());
            site.open().close();
            assertThat(StoreSchema.isUpToDate(target)).isTrue();
            for (String change : List.of(
                    "checksum = checksum + 1",
                    "script = 'V2__other.sql'",
                    "success = NOT success",
                    "installed_rank = 0")) {
                site.execute("CREATE TABLE kept AS SELECT * FROM flyway_schema_history");
                site.execute("UPDATE flyway_schema_history SET " + change + " WHERE version = '2'");
                assertThat(StoreSchema.isUpToDate(target)).as(change).isFalse();
                site.execute("DELETE FROM flyway_schema_history");
                site.execute("INSERT INTO flyway_schema_history SELECT * FROM kept");
                site.execute("DROP TABLE kept");
                assertThat(StoreSchema.isUpToDate(target)).isTrue();
            }
            site.execute("DELETE FROM flyway_schema_history WHERE version = '2'");
            assertThat(StoreSchema.isUpToDate(target)).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void databaseIsRefused_whenItsSchemaIsNewer_andIsNotChanged(Kind kind, @TempDir Path folder) throws IOException {
        try (Site site = new Site(kind, folder)) {
            site.open().close();
            String applied = "SELECT COUNT(*) FROM flyway_schema_history WHERE version IS NOT NULL";
            long migrations = site.number(applied);
            site.execute("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                    + " checksum, installed_by, installed_on, execution_time, success) SELECT 99, '999', 'later', type,"
                    + " 'V999__later.sql', 1, installed_by, installed_on, 1, success FROM flyway_schema_history"
                    + " WHERE version = '1'");
            byte[] before = kind == Kind.SQLITE ? Files.readAllBytes(site.file()) : new byte[0];
            DatabaseException newer = catchThrowableOfType(DatabaseException.class, site::open);

            assertThat(newer.reason()).isEqualTo(DatabaseException.Reason.UNAVAILABLE);
            assertThat(newer).hasMessageContaining("has version 999").hasMessageContaining("made by a newer program");
            assertThat(kind == Kind.SQLITE ? Files.readAllBytes(site.file()) : new byte[0])
                    .isEqualTo(before);
            assertThat(site.number(applied)).isEqualTo(migrations + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void allSucceed_whenManyOpenTheSameNewDatabaseAtOnce(Kind kind, @TempDir Path folder) {
        for (int round = 0; round < 2; round++) {
            Source source = kind == Kind.SQLITE
                    ? Source.embedded(folder.resolve("new" + round))
                    : PostgresServer.source(PostgresServer.port(), PostgresServer.emptyDatabase());
            List<CompletableFuture<Database>> opening = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                for (int i = 0; i < 4; i++) {
                    opening.add(CompletableFuture.supplyAsync(
                            () -> StoreSchema.open(DatabaseConfig.of(source).withThreads(2)), threads));
                }
                for (CompletableFuture<Database> one : opening) {
                    assertThat(get(new Users(get(one), InstantSource.system()).create("n", one.toString())))
                            .isPresent();
                }
            } finally {
                opening.forEach(one -> one.thenAccept(Database::close).join());
            }
        }
    }

    @Test
    void openingWaits_whileAnotherProgramOpens_andGivesUpInTime(@TempDir Path folder) throws IOException {
        Path lock = folder.resolve("lock");
        try (ProcessLock first = ProcessLock.await(lock, Duration.ZERO)) {
            assertThat(catchThrowableOfType(
                            IOException.class,
                            () -> ProcessLock.await(lock, Duration.ofMillis(50)).close()))
                    .hasMessageContaining("another program holds it");
            assertThat(first).isNotNull();
        }
        try (ProcessLock next = ProcessLock.await(lock, Duration.ZERO);
                FileChannel same = FileChannel.open(lock, StandardOpenOption.READ)) {
            assertThat(next).isNotNull();
            assertThat(same.size()).isZero();
        }
    }
}
