package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.Fault;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** A database of this dialect, for its schema. */
record SchemaTarget(Dialect dialect) implements Schema.Target {
    @Override
    public String kind() {
        return dialect.kind();
    }

    @Override
    public String place() {
        return dialect.name() + " " + dialect.place();
    }

    @Override
    public DataSource connections() {
        return dialect.forMigrations();
    }

    @Override
    public DatabaseException failure(SQLException known, Exception cause) {
        Fault fault = dialect.fault(known);
        String remedy = fault.isOfStatement() ? "" : fault.remedy() + " ";
        return new DatabaseException(
                DatabaseException.Reason.UNAVAILABLE,
                "cannot open " + place() + ": " + remedy + "(" + known.getMessage() + ")",
                cause);
    }

    /**
     * Checks that the database can be used, before anything is changed.
     *
     * @throws DatabaseException if it can't be
     */
    void requireFit() {
        try {
            Optional<String> objection = dialect.objection();
            if (objection.isPresent()) {
                throw new DatabaseException(
                        DatabaseException.Reason.UNAVAILABLE, "cannot use " + place() + ": " + objection.get(), null);
            }
        } catch (SQLException e) {
            throw failure(e, e);
        }
    }
}
