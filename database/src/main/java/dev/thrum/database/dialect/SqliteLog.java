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
 * The write-ahead log beside the file. SQLite keeps it open and does not notice that somebody removes it: what is written
 * from then on would be lost with the program. Owned by the thread of the connection.
 */
final class SqliteLog implements Anchor {
    private static final System.Logger LOG = System.getLogger("dev.thrum.database.Database");

    private final Path path;
    private final Connection connection;

    /** Which file it was when the connection was made. */
    private final Optional<Object> known;

    SqliteLog(Path path, Connection connection) throws SQLException {
        this.path = path;
        this.connection = connection;
        this.known = found();
    }

    private Optional<Object> found() throws SQLException {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unusable("cannot look at " + e.getMessage());
        }
    }

    /** Brings into the file what only this connection can still read, where the log is no longer in its place. */
    @Override
    public boolean holds() throws SQLException {
        if (known.isEmpty() || known.equals(found())) {
            return true;
        }
        Checkpoint done = Checkpoint.run(connection, "TRUNCATE");
        if (!done.isComplete()) {
            throw unusable(
                    path + " has been removed while it was in use, and what it held is not yet in the file: " + done);
        }
        LOG.log(
                Level.WARNING,
                path
                        + " has been removed while it was in use; what it held has been brought into the file: remove nothing"
                        + " there while a program runs");
        return false;
    }

    private static SQLException unusable(String message) {
        return new SQLiteException(message, SQLiteErrorCode.SQLITE_CANTOPEN);
    }

    /**
     * How pages of the log went to their places in the file (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
     *
     * @param busy whether another hindered it
     * @param pages in the log
     * @param done how many of them are in the file
     */
    record Checkpoint(boolean busy, long pages, long done) {
        static Checkpoint run(Connection connection, String mode) throws SQLException {
            try (var statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
                if (!results.next()) {
                    throw new SQLException("expected a checkpoint to say what it has done but it did not");
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
                    + (busy ? ", another program is at it" : "");
        }
    }
}
