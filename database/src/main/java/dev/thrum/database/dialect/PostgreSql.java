package dev.thrum.database.dialect;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLException;

/**
 * A PostgreSQL server, which several programs may share.
 *
 * @param properties properties of the driver, by the driver's names
 */
record PostgreSql(Server server, String database, String user, Map<String, String> properties) implements Dialect {
    /** If TLS is optional the driver tries twice, so a call waits at most twice this time. */
    private static final int MOST_CONNECT_SECONDS = 3;

    /** The extra time for the network: the server itself ends a late statement. */
    private static final Duration NETWORK = Duration.ofSeconds(1);

    static final String SHARED_SESSIONS =
            "a pooler shares sessions among transactions: set its pool_mode to session, or"
                    + " name the server's own address";

    /** A setting that exists as long as the transaction that we began. */
    private static final String MARK = "thrum.transaction";

    /** Matches obvious control statements before they run; the others are detected after they ran. */
    private static final Pattern CONTROL = Pattern.compile(
            "(?:[\\s;\\x{FEFF}]|--[^\\n]*+|/\\*(?s:.*?)\\*/)*+"
                    + "(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE\\s+TRANSACTION)\\b",
            Pattern.CASE_INSENSITIVE);

    record Server(String host, int port) {}

    PostgreSql {
        properties = Map.copyOf(properties);
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public String place() {
        return user + "@" + server.host() + ":" + server.port() + "/" + database;
    }

    @Override
    public String kind() {
        return "postgresql";
    }

    @Override
    public boolean hasOneWriter() {
        return false;
    }

    @Override
    public Closeable prepare() {
        // The server's operator has created the database, and Flyway locks it by itself.
        return () -> {};
    }

    @Override
    public Optional<String> objection() throws SQLException {
        return PostgresProbe.objection(this);
    }

    @Override
    public Object identity() {
        return server;
    }

    @Override
    public DataSource forMigrations() {
        PGSimpleDataSource source = new Unlimited();
        configure(source, Duration.ofSeconds(2 * MOST_CONNECT_SECONDS));
        return source;
    }

    @Override
    public Connection connect(boolean readOnly, Duration patience) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        configure(source, patience);
        Connection connection = source.getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + millis(patience, Duration.ZERO));
            // A commit must be on the server's disk before it is acknowledged, whatever the server's default is.
            statement.execute("SELECT set_config('synchronous_commit', 'on', false)"
                    + " WHERE current_setting('synchronous_commit') = 'off'");
            statement.execute("SET idle_in_transaction_session_timeout = " + millis(patience, NETWORK));
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    @Override
    public List<String> notifications(Connection connection, Duration patience) throws SQLException {
        PGNotification[] told = connection.unwrap(PGConnection.class).getNotifications(millis(patience, Duration.ZERO));
        return told == null
                ? List.of()
                : Stream.of(told).map(PGNotification::getParameter).toList();
    }

    /** Milliseconds for settings in which 0 means no limit. */
    private static int millis(Duration time, Duration more) {
        int bounded = Math.clamp(TimeUnit.MILLISECONDS.convert(time), 1, Integer.MAX_VALUE / 2);
        return bounded + (int) more.toMillis();
    }

    /** A source of connections whose statements have no time limit; only connecting has one. */
    private static final class Unlimited extends PGSimpleDataSource {
        private static final long serialVersionUID = 1L;

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = super.getConnection();
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        }
    }

    private void configure(PGSimpleDataSource source, Duration patience) {
        source.setServerNames(new String[] {server.host()});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(database);
        source.setUser(user);
        source.setApplicationName("thrum");
        source.setTcpKeepAlive(true);
        int seconds = Math.clamp(patience.toSeconds() / 2, 1, MOST_CONNECT_SECONDS);
        source.setConnectTimeout(seconds);
        // For a server that accepts the connection and then does not respond.
        source.setSocketTimeout(seconds);
        try {
            for (Map.Entry<String, String> property : properties.entrySet()) {
                source.setProperty(property.getKey(), property.getValue());
            }
        } catch (SQLException e) {
            throw new IllegalArgumentException("expected other properties than " + properties.keySet(), e);
        }
    }

    @Override
    public void allow(Connection connection, Duration time) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis(time, NETWORK));
    }

    @Override
    public void interrupt(Connection connection) {
        // It would need a second connection; the server itself ends late statements (statement_timeout).
    }

    @Override
    public String begin(CallKind kind) {
        String begin = switch (kind) {
            case QUERY, SNAPSHOT -> "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
            case UPDATE, RETURNING, TRANSACTION -> "BEGIN ISOLATION LEVEL SERIALIZABLE";
            // A transaction that has waited for a lock then sees the changed row, instead of failing.
            case LOCKING -> "BEGIN ISOLATION LEVEL READ COMMITTED";
        };
        return begin + "; SELECT set_config('" + MARK + "', '1', true)";
    }

    /** Reads the mark, which ends with the transaction, even if a statement has begun another. Costs no round trip. */
    @Override
    public String commit() {
        return "SELECT CAST(current_setting('" + MARK + "') AS integer); COMMIT";
    }

    @Override
    public boolean isStrayEnd(SQLException e) {
        // The mark does not exist, or is empty.
        return "42704".equals(e.getSQLState()) || "22P02".equals(e.getSQLState());
    }

    @Override
    public TransactionState transactions(Connection connection) {
        return new PostgresTransaction(connection);
    }

    @Override
    public Anchor anchor(Connection connection) {
        return () -> true;
    }

    @Override
    public String checkpoint() {
        return "the server writes by itself";
    }

    @Override
    public boolean isControl(Connection connection, String sql) {
        return CONTROL.matcher(sql).lookingAt();
    }

    @Override
    public String rowLock() {
        return " FOR UPDATE";
    }

    @Override
    public Fault fault(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        return switch (state) {
            case "40001", "40P01" -> Fault.RACE;
            case "57014" -> Fault.TIMEOUT;
            case "57P01", "57P02", "57P03", "25P03" ->
                Fault.unavailable("the server was stopped or is starting: check that it runs");
            case "53100" -> Fault.unavailable("the server's disk is full: free some space");
            case "53200" -> Fault.unavailable("the server is out of memory: give it more");
            case "53300" ->
                Fault.unavailable("the server has as many connections as it allows: raise its max_connections, or use"
                        + " fewer with --db-threads");
            case "3D000" -> Fault.unavailable("there is no such database: create it with createdb");
            case "55000" -> Fault.unavailable("the database accepts no connections: allow them with ALTER DATABASE");
            case "42501" -> Fault.unavailable("this user may not use the database or its tables: grant it access");
            case "26000", "42P05" -> Fault.unavailable(SHARED_SESSIONS);
            case "25006" -> Fault.unavailable("the server is read-only: use the primary server");
            default -> ofClass(state);
        };
    }

    @Override
    public boolean leavesDoubt(SQLException e) {
        // An error that the server itself reports is certain, unless it reports that it shuts down or has failed.
        boolean fromServer = e instanceof PSQLException known && known.getServerErrorMessage() != null;
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        // The driver's own errors about parameters, and about a commit that became a rollback, are certain too.
        return fromServer
                ? Stream.of("57P", "58", "XX").anyMatch(state::startsWith)
                : Stream.of("07", "22", "25").noneMatch(state::startsWith);
    }

    private static Fault ofClass(String state) {
        return switch (state.length() < 2 ? state : state.substring(0, 2)) {
            case "08" -> Fault.unavailable("the server can't be reached: check that it runs, and the address");
            case "28" -> Fault.unavailable("the server refuses this user: set PGUSER and PGPASSWORD");
            case "53", "58", "XX" -> Fault.unavailable("the server reports an internal error: check its log");
            default -> Fault.STATEMENT;
        };
    }

    @Override
    public void requireParameters(PreparedStatement statement, int given) {
        // The driver does it.
    }

    @Override
    public Object parameter(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public Instant instant(ResultSet results, int column) throws SQLException {
        return results.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** Without the properties, one of which is the password. */
    @Override
    public String toString() {
        return name() + " " + place();
    }
}
