package dev.thrum.database.dialect;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A check that the write-ahead log is still next to the database file. SQLite keeps the log open and does not notice if
 * it is removed: data written from then on would be lost when the program ends. Owned by the thread of the connection.
 */
final class SqliteLog implements Anchor {
    private static final System.Logger LOG = System.getLogger("dev.thrum.database.Database");

    private final Path path;
    private final Connection connection;

    /** The log's identity when the connection was opened; empty if there was none. */
    private final Optional<Object> original;

    SqliteLog(Path path, Connection connection) throws SQLException {
        this.path = path;
        this.connection = connection;
        this.original = current();
    }

    private Optional<Object> current() throws SQLException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable("cannot find " + e.getMessage());
        }
    }

    /** If the log was removed or replaced, copies the pages that only this connection can still read into the file. */
    @Override
    public boolean holds() throws SQLException {
        if (original.isEmpty() || original.equals(current())) {
            return true;
        }
        Checkpoint done = Checkpoint.run(connection, "TRUNCATE");
        if (!done.isComplete()) {
            throw unusable(
                    path + " has been removed while it was in use, and its contents are not yet in the file: " + done);
        }
        LOG.log(
                Level.WARNING,
                path
                        + " has been removed while it was in use; its contents have been copied into the file: remove"
                        + " nothing there while a program runs");
        return false;
    }

    private static SQLException unusable(String message) {
        return new SQLiteException(message, SQLiteErrorCode.SQLITE_CANTOPEN);
    }

    /**
     * The result of a checkpoint (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
     *
     * @param busy whether another connection blocked it
     * @param pages the number of pages in the log
     * @param done the number of these pages that are in the file
     */
    record Checkpoint(boolean busy, long pages, long done) {
        static Checkpoint run(Connection connection, String mode) throws SQLException {
            try (var statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
                if (!results.next()) {
                    throw new SQLException("expected a checkpoint to return a row but it did not");
                }
                return new Checkpoint(results.getInt(1) != 0, results.getLong(2), results.getLong(3));
            }
        }

        boolean isComplete() {
            return !busy && pages == done;
        }

        @Override
        public String toString() {
            return Math.max(0, done) + " of " + Math.max(0, pages) + " pages of the log are in the file"
                    + (busy ? ", blocked by another program" : "");
        }
    }
}
