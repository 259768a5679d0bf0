package dev.thrum.database;

import java.sql.SQLException;
import javax.sql.DataSource;

/** The tables of a program. They are brought up to date each time its database is opened. */
@FunctionalInterface
public interface Schema {
    /** A database that no other thread of this program uses yet. */
    interface Target {
        /** Its kind, {@code sqlite} or {@code postgresql}, because the SQL of the tables may differ. */
        String kind();

        /** Its kind and place, for messages; without a password. */
        String place();

        /** A source of connections, which may create the database. The caller closes each connection. */
        DataSource connections();

        /**
         * The exception to throw when the database is the cause of a failure; its message names the remedy.
         *
         * @param known the database's error
         * @param cause the cause of the exception
         */
        DatabaseException failure(SQLException known, Exception cause);
    }

    /**
     * Creates and changes tables, unless that was done at an earlier start. Runs on the thread that opens the database.
     *
     * @throws DatabaseException if the database can't be used; the message names the remedy
     */
    void bringUpToDate(Target target);

    /** No tables: for a program that creates its own or uses existing ones. */
    static Schema none() {
        return target -> {};
    }
}
