package dev.thrum.database;

import java.sql.SQLException;
import javax.sql.DataSource;

/** The tables of a program; they are brought up to date each time its database is opened. */
@FunctionalInterface
public interface Schema {
    /** A database, before any other thread uses it. */
    interface Target {
        /** Its kind, {@code sqlite} or {@code postgresql}: the SQL of the tables may differ. */
        String kind();

        /** Its kind and place as in messages; without a password. */
        String place();

        /** Opens connections; may create the database. */
        DataSource connections();

        /** The exception to throw where the database is why it failed; the message names the remedy. */
        DatabaseException failure(SQLException known, Exception cause);
    }

    /**
     * Creates and changes tables as far as that has not been done yet.
     *
     * @throws DatabaseException if the database can't be used; the message names the remedy
     */
    void bringUpToDate(Target target);

    /** No tables: for a program that creates its own, or finds them there. */
    static Schema none() {
        return target -> {};
    }
}
