package dev.thrum.database;

import dev.thrum.base.FaultReports;
import dev.thrum.base.IoWords;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.Fault;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Whether the database works, as far as the calls of one executor have found out; changes are logged, and repeated ones
 * are limited.
 */
final class Availability {
    private final Dialect dialect;
    private final FaultReports reports = new FaultReports(System.getLogger(Database.class.getName()));

    Availability(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    String place() {
        return dialect.name() + " " + dialect.place();
    }

    Optional<String> fault() {
        return reports.fault();
    }

    /** Reports a call that succeeded. */
    void worked() {
        reports.worked(() -> "the database works again: " + place());
    }

    /** The exception for a call that was certainly not done. */
    DatabaseException failure(SQLException e) {
        Fault kind = dialect.fault(e);
        return switch (kind.kind()) {
            case STATEMENT ->
                new DatabaseException(
                        DatabaseException.Reason.FAILED, "the database refused a statement: " + e.getMessage(), e);
            case RACE ->
                new DatabaseException(
                        DatabaseException.Reason.UNAVAILABLE,
                        "the database could not put the transaction into an order with others: " + e.getMessage(),
                        e);
            case TIMEOUT ->
                new DatabaseException(
                        DatabaseException.Reason.EXPIRED, "the statement took too long: " + e.getMessage(), e);
            case UNAVAILABLE -> unavailable(e, kind.remedy());
        };
    }

    /** The exception for a call that may have been done nevertheless. */
    DatabaseException doubt(SQLException e) {
        DatabaseException failure = failure(e);
        return new DatabaseException(
                DatabaseException.Reason.UNKNOWN,
                failure.getMessage() + " (during the commit, which may be done or not)",
                e);
    }

    /** The exception for a call whose deadline passed before the database responded. */
    DatabaseException late(SQLException e) {
        return new DatabaseException(
                DatabaseException.Reason.UNKNOWN,
                place() + " has not answered in the time there was: " + e.getMessage(),
                e);
    }

    /** The exception for a call whose transaction was ended by one of its statements. */
    static DatabaseException stray(StrayEndException e) {
        return new DatabaseException(DatabaseException.Reason.UNKNOWN, String.valueOf(e.getMessage()), e);
    }

    /** The exception for a call whose work threw. */
    static DatabaseException thrown(Throwable e) {
        return new DatabaseException(
                DatabaseException.Reason.FAILED, "the work of a database call failed: " + IoWords.of(e), e);
    }

    private DatabaseException unavailable(SQLException e, String remedy) {
        String message = place() + " can't work: " + remedy + " (" + e.getMessage() + ")";
        reports.failed(message);
        return new DatabaseException(DatabaseException.Reason.UNAVAILABLE, message, e);
    }
}
