package dev.thrum.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The tables, which numbered files describe: one numbering, a folder for each kind of database.
 *
 * <p>A file that was ever part of a release is never changed; what is to be different is a new number.
 */
final class Schema {
    private static final String FOLDER = "classpath:dev/thrum/store/migrations/";

    private Schema() {}

    /**
     * Looks whether a database can be used before anything is changed.
     *
     * @throws StoreException if it can't be
     */
    static void requireFit(Dialect dialect) {
        try {
            Optional<String> objection = dialect.objection();
            if (objection.isPresent()) {
                throw new StoreException(
                        StoreException.Reason.UNAVAILABLE,
                        "cannot use " + place(dialect) + ": " + objection.get(),
                        null);
            }
        } catch (SQLException e) {
            throw failure(dialect, e, e);
        }
    }

    private static String place(Dialect dialect) {
        return dialect.name() + " " + dialect.place();
    }

    private static StoreException failure(Dialect dialect, SQLException known, Exception cause) {
        Fault fault = dialect.fault(known);
        String remedy = fault.isOfStatement() ? "" : fault.remedy() + " ";
        return new StoreException(
                StoreException.Reason.UNAVAILABLE,
                "cannot open " + place(dialect) + ": " + remedy + "(" + known.getMessage() + ")",
                cause);
    }

    /**
     * Carries out what has not been carried out in this database.
     *
     * @throws StoreException if the database can't be used, or was made by a newer program
     */
    static void bringUpToDate(Dialect dialect) {
        try {
            Flyway flyway = configuration(dialect).load();
            refuseNewer(flyway, dialect);
            flyway.migrate();
        } catch (FlywayException e) {
            throw failure(dialect, e);
        }
    }

    /**
     * What is wrong with a database that is to be brought up to date later, as the end of a sentence; empty if nothing
     * is. Changes no table.
     */
    static Optional<String> objection(Dialect dialect) {
        try {
            Flyway flyway = configuration(dialect)
                    .ignoreMigrationPatterns("*:pending", "*:future")
                    .load();
            if (flyway.info().applied().length == 0) {
                return Optional.of("it has none of the tables: use a file that thrum backup has made");
            }
            Optional<String> newer = newer(flyway)
                    .map(migration -> "it has version " + migration.getVersion()
                            + " of the tables, which a newer program has made: use that");
            return newer.isPresent() || flyway.validateWithResult().validationSuccessful
                    ? newer
                    : Optional.of("its tables are others: use a file that thrum backup has made");
        } catch (FlywayException e) {
            return Optional.of("it can't be read: " + String.valueOf(cause(e).getMessage()) + "; use another one");
        }
    }

    private static FluentConfiguration configuration(Dialect dialect) {
        return Flyway.configure().dataSource(dialect.forMigrations()).locations(FOLDER + dialect.migrations());
    }

    private static Optional<MigrationInfo> newer(Flyway flyway) {
        return Arrays.stream(flyway.info().applied())
                .filter(migration -> migration.getState() == MigrationState.FUTURE_SUCCESS
                        || migration.getState() == MigrationState.FUTURE_FAILED)
                .findFirst();
    }

    private static void refuseNewer(Flyway flyway, Dialect dialect) {
        Optional<MigrationInfo> newer = newer(flyway);
        if (newer.isPresent()) {
            throw new StoreException(
                    StoreException.Reason.UNAVAILABLE,
                    "expected a schema that this program knows but " + place(dialect)
                            + " has version " + newer.get().getVersion()
                            + ", which a newer one has made: use that, or a backup from before it",
                    null);
        }
    }

    private static StoreException failure(Dialect dialect, FlywayException e) {
        if (cause(e) instanceof SQLException known) {
            return failure(dialect, known, e);
        }
        String why = e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE
                ? "it holds the tables of another program: name another with --data or --db"
                : String.valueOf(e.getMessage());
        return new StoreException(StoreException.Reason.UNAVAILABLE, "cannot open " + place(dialect) + ": " + why, e);
    }

    /** The database's own error where there is one. */
    private static Throwable cause(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                return cause;
            }
        }
        return e;
    }
}
