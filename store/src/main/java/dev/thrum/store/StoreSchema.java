package dev.thrum.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.thrum.database.Database;
import dev.thrum.database.DatabaseConfig;
import dev.thrum.database.DatabaseException;
import dev.thrum.database.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The tables of the store, made by numbered migration files: one numbering, and a folder for each kind of database.
 *
 * <p>A file that was ever part of a release is never changed; a change to the tables is a new file.
 */
public final class StoreSchema implements Schema {
    private static final String MIGRATIONS = "dev/thrum/store/migrations/";
    private static final String FOLDER = "classpath:" + MIGRATIONS;

    /** The files of each folder, in order. */
    static final List<String> FILES =
            List.of("V1__users_ledger_servers.sql", "V2__request_log.sql", "V3__request_log_tls.sql", "V4__chat.sql");

    private static final String HISTORY =
            "SELECT script, checksum, success FROM flyway_schema_history ORDER BY installed_rank";

    private StoreSchema() {}

    /** Opens a database and brings its tables up to date; see {@link Database#open}. */
    public static Database open(DatabaseConfig config) {
        return Database.open(config, new StoreSchema());
    }

    /**
     * Runs the migrations that this database lacks. Flyway is used only if its history in the database differs from the
     * expected one, because it takes longer than the rest of a start.
     *
     * @throws DatabaseException if the database can't be used, or its tables were made by a newer program
     */
    @Override
    public void bringUpToDate(Schema.Target target) {
        try {
            if (!isUpToDate(target)) {
                migrate(target);
            }
        } catch (FlywayException e) {
            throw failure(target, e);
        }
    }

    /** Whether the history has exactly these files, in order, each with the same content as here. */
    static boolean isUpToDate(Schema.Target target) {
        List<String> expected = FILES.stream()
                .map(name -> name + " " + checksum(target.kind() + "/" + name))
                .toList();
        List<String> found = new ArrayList<>();
        try (Connection connection = target.connections().getConnection();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HISTORY)) {
            while (rows.next() && found.size() <= expected.size()) {
                found.add(rows.getBoolean("success") ? rows.getString("script") + " " + rows.getInt("checksum") : "");
            }
        } catch (SQLException e) {
            // There is no history yet, or the database does not work: Flyway will find out which.
            return false;
        }
        return found.equals(expected);
    }

    /** The checksum as Flyway computes it: of the lines without their terminators. */
    private static int checksum(String name) {
        String path = MIGRATIONS + name;
        try (InputStream file = StoreSchema.class.getClassLoader().getResourceAsStream(path)) {
            CRC32 sum = new CRC32();
            new String(Objects.requireNonNull(file, path).readAllBytes(), UTF_8)
                    .lines()
                    .forEach(line -> sum.update(line.getBytes(UTF_8)));
            return (int) sum.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static void migrate(Schema.Target target) {
        Flyway flyway = configuration(target).load();
        Optional<MigrationInfo> newer = newer(flyway);
        if (newer.isPresent()) {
            throw new DatabaseException(
                    DatabaseException.Reason.UNAVAILABLE,
                    "expected a schema that this program supports but " + target.place() + " has version "
                            + newer.get().getVersion()
                            + ", made by a newer program: use that one, or a backup from before it",
                    null);
        }
        flyway.migrate();
    }

    /**
     * The reason why a database can't be brought up to date, as the end of a sentence; empty if it can. Changes no
     * table.
     */
    public static Optional<String> objection(Schema.Target target) {
        try {
            Flyway flyway = configuration(target)
                    .ignoreMigrationPatterns("*:pending", "*:future")
                    .load();
            if (flyway.info().applied().length == 0) {
                return Optional.of("it has none of Thrum's tables: use a file made by thrum backup");
            }
            Optional<String> newer = newer(flyway)
                    .map(migration -> "its tables have version " + migration.getVersion()
                            + ", made by a newer program: use that one");
            return newer.isPresent() || flyway.validateWithResult().validationSuccessful
                    ? newer
                    : Optional.of("its tables differ from Thrum's: use a file made by thrum backup");
        } catch (FlywayException e) {
            return Optional.of("it can't be read: " + String.valueOf(cause(e).getMessage()) + "; use another one");
        }
    }

    private static FluentConfiguration configuration(Schema.Target target) {
        return Flyway.configure().dataSource(target.connections()).locations(FOLDER + target.kind());
    }

    private static Optional<MigrationInfo> newer(Flyway flyway) {
        return Arrays.stream(flyway.info().applied())
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .findFirst();
    }

    private static DatabaseException failure(Schema.Target target, FlywayException e) {
        if (cause(e) instanceof SQLException known) {
            return target.failure(known, e);
        }
        String why = e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE
                ? "it holds the tables of another program: name another database with --data or --db"
                : String.valueOf(e.getMessage());
        return new DatabaseException(
                DatabaseException.Reason.UNAVAILABLE, "cannot open " + target.place() + ": " + why, e);
    }

    /** The database's own error, if there is one. */
    private static Throwable cause(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return cause;
            }
        }
        return e;
    }
}
