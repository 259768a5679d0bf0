package dev.thrum.database.dialect;

import dev.thrum.base.PercentEncoding;
import dev.thrum.base.Rfc3339;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/**
 * The embedded database: one SQLite file. Readers run concurrently with one writer (write-ahead log), and every commit is
 * forced to disk before it is acknowledged (https://www.sqlite.org/wal.html,
 * https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
public record Sqlite(Path file) implements Dialect {
    /** The name of the database file. */
    public static final String FILE = "thrum.db";

    /** The name of the lock file next to it, which is locked while a program opens the database. */
    public static final String LOCK = FILE + ".lock";

    /**
     * The length of the write-ahead log (32 MB) at which its pages are copied into the database file. A page that was
     * written many times is copied once: with the default, 1,000 pages, the writer spends a seventh of its time on that.
     */
    private static final int CHECKPOINT_PAGES = 8_000;

    /** The size to which the write-ahead log is truncated after a checkpoint. */
    private static final int LOG_BYTES = 64 << 20;

    private static final Pattern EXPLAINED = Pattern.compile("\\s*EXPLAIN\\b", Pattern.CASE_INSENSITIVE);

    /** The opcodes of BEGIN, COMMIT, SAVEPOINT and similar statements (https://www.sqlite.org/opcode.html). */
    private static final Set<String> CONTROL_STEPS = Set.of("AutoCommit", "Savepoint");

    /** The maximum time to wait while other programs open the same database. */
    private static final Duration OPENING = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "SQLite";
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public String kind() {
        return "sqlite";
    }

    @Override
    public boolean hasOneWriter() {
        return true;
    }

    @Override
    public Closeable prepare() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Folders.make(folder);
        }
        ProcessLock turn = ProcessLock.await(file.resolveSibling(LOCK), OPENING);
        try {
            // Files that SQLite creates next to it later get the same permissions.
            OwnerOnly.make(file);
            for (String name : List.of(FILE, FILE + "-wal", FILE + "-shm", LOCK)) {
                OwnerOnly.tighten(file.resolveSibling(name));
            }
            return turn;
        } catch (IOException | RuntimeException | Error e) {
            turn.close();
            throw e;
        }
    }

    @Override
    public Optional<String> objection() {
        return Optional.empty();
    }

    @Override
    public Object identity() throws SQLException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (IOException e) {
            SQLException gone = new SQLiteException("cannot find " + e.getMessage(), SQLiteErrorCode.SQLITE_CANTOPEN);
            gone.initCause(e);
            throw gone;
        }
    }

    @Override
    public DataSource forMigrations() {
        SQLiteConfig config = config(Duration.ofSeconds(10));
        config.setJournalMode(JournalMode.WAL);
        return source(config);
    }

    @Override
    public Connection connect(boolean readOnly, Duration patience) throws SQLException {
        // A call may spend half of its time waiting for another process.
        SQLiteConfig config = config(patience.dividedBy(2));
        // A missing file is a fault, never a reason to create an empty database.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        Connection connection = source(config).getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute(readOnly ? "PRAGMA query_only = ON" : "PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            // Opens the write-ahead log.
            statement.execute("SELECT COUNT(*) FROM sqlite_schema");
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    private SQLiteConfig config(Duration busy) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout((int) Math.min(TimeUnit.MILLISECONDS.convert(busy), Integer.MAX_VALUE));
        config.setJournalSizeLimit(LOG_BYTES);
        // Generated keys are read with RETURNING.
        config.setGetGeneratedKeys(false);
        return config;
    }

    private SQLiteDataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        // The driver and SQLite give meanings to some characters (https://www.sqlite.org/uri.html).
        StringBuilder url = new StringBuilder("jdbc:sqlite:file:");
        PercentEncoding.encode(file.toAbsolutePath().toString(), "/", url);
        source.setUrl(url.toString());
        return source;
    }

    @Override
    public void allow(Connection connection, Duration time) {
        // There is no network; late statements are interrupted.
    }

    @Override
    public void interrupt(Connection connection) throws SQLException {
        connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
    }

    @Override
    public String begin(CallKind kind) {
        return kind.reads() ? "BEGIN" : "BEGIN IMMEDIATE";
    }

    @Override
    public String commit() {
        return "COMMIT";
    }

    @Override
    public boolean isStrayEnd(SQLException e) {
        return false;
    }

    @Override
    public TransactionState transactions(Connection connection) throws SQLException {
        SqliteTransaction transaction = new SqliteTransaction();
        connection.unwrap(SQLiteConnection.class).addCommitListener(transaction);
        return transaction;
    }

    @Override
    public Anchor anchor(Connection connection) throws SQLException {
        return new SqliteLog(file.resolveSibling(file.getFileName() + "-wal"), connection);
    }

    /**
     * Runs a checkpoint on a separate connection, so that neither reads nor writes wait. SQLite itself runs one only when
     * the log is long, and does not report a failure.
     */
    @Override
    public String checkpoint() throws SQLException {
        try (Connection connection = connect(false, OPENING)) {
            return SqliteLog.Checkpoint.run(connection, "PASSIVE").toString();
        }
    }

    /** Compiles the statement with SQLite and checks its opcodes. A statement that begins with EXPLAIN does nothing. */
    @Override
    public boolean isControl(Connection connection, String sql) throws SQLException {
        if (EXPLAINED.matcher(sql).lookingAt()) {
            return false;
        }
        try (var statement = connection.createStatement();
                ResultSet steps = statement.executeQuery("EXPLAIN " + sql)) {
            boolean found = false;
            while (!found && steps.next()) {
                found = CONTROL_STEPS.contains(String.valueOf(steps.getString("opcode")));
            }
            return found;
        }
    }

    @Override
    public String rowLock() {
        return "";
    }

    @Override
    public Fault fault(SQLException e) {
        if (!(e instanceof SQLiteException known)) {
            // The driver's own errors: a closed connection, a missing parameter.
            return Fault.STATEMENT;
        }
        // The low byte of an extended code is its family.
        return switch (known.getResultCode().code & 0xff) {
            case 5, 6 ->
                Fault.unavailable("another program holds its lock: end that program, or wait until it is done");
            case 7 -> Fault.unavailable("out of memory: give the program more");
            case 8 ->
                Fault.unavailable("it can't be written: give this user write permission for the file and its folder");
            case 9 -> Fault.TIMEOUT;
            case 10 -> Fault.unavailable("the disk fails to read or write: check the system's log");
            case 11, 26 ->
                Fault.unavailable("the file is damaged: stop all programs that use it, keep a copy of the file, and"
                        + " restore a backup with thrum restore");
            case 13 -> Fault.unavailable("the disk is full: free some space");
            case 14 -> Fault.unavailable("the file can't be opened: is it there, and may this user read it?");
            case 15 -> Fault.unavailable("file locks don't work there: keep it on a local disk");
            default -> Fault.STATEMENT;
        };
    }

    @Override
    public boolean leavesDoubt(SQLException e) {
        // If the disk failed, the next recovery may find the commit or not.
        return e instanceof SQLiteException known && (known.getResultCode().code & 0xff) == 10;
    }

    @Override
    public void requireParameters(PreparedStatement statement, int given) throws SQLException {
        int expected = statement.getParameterMetaData().getParameterCount();
        if (expected != given) {
            throw new SQLException("expected " + expected + " parameters but there were " + given);
        }
    }

    @Override
    public Object parameter(Instant instant) {
        return Rfc3339.text(instant);
    }

    @Override
    public Instant instant(ResultSet results, int column) throws SQLException {
        String text = String.valueOf(results.getString(column));
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new SQLException("expected a time such as 2026-11-20T08:20:00.000Z but it was " + text, e);
        }
    }
}
