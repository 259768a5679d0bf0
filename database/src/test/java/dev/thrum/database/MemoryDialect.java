package dev.thrum.database;

import dev.thrum.database.dialect.Anchor;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import dev.thrum.database.dialect.Fault;
import dev.thrum.database.dialect.TransactionState;
import java.io.Closeable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A database with one writer, in memory, for programs of the explorer: an update appends its SQL, and a commit makes it
 * permanent. The update {@code slow} takes a while. Its data belong to the thread that writes.
 */
final class MemoryDialect implements Dialect {
    /** How long a slow update takes. */
    static final Duration SLOW = Duration.ofMillis(50);

    private final StringBuilder committed = new StringBuilder();
    private final StringBuilder uncommitted = new StringBuilder();
    private int commits;

    /** What is permanent. */
    String committed() {
        return committed.toString();
    }

    /** How many transactions were committed; read when all threads have ended. */
    int commits() {
        return commits;
    }

    private void execute(String sql) throws SQLException {
        switch (sql) {
            case "BEGIN", "ROLLBACK" -> uncommitted.setLength(0);
            case "COMMIT" -> {
                committed.append(uncommitted);
                uncommitted.setLength(0);
                commits++;
            }
            case "slow" -> {
                pause();
                uncommitted.append(sql);
            }
            default -> uncommitted.append(sql);
        }
    }

    private static void pause() throws SQLException {
        try {
            Thread.sleep(SLOW);
        } catch (InterruptedException e) {
            throw new SQLException("interrupted", e);
        }
    }

    @Override
    public Connection connect(boolean readOnly, Duration patience) {
        return proxy(Connection.class, (_, method, arguments) -> switch (method.getName()) {
            case "prepareStatement" -> statement((String) arguments[0]);
            case "isValid" -> true;
            case "close" -> null;
            default -> throw unexpected(method.getName());
        });
    }

    private PreparedStatement statement(String sql) {
        return proxy(PreparedStatement.class, (_, method, _) -> switch (method.getName()) {
            case "execute" -> {
                execute(sql);
                yield false;
            }
            case "executeUpdate" -> {
                execute(sql);
                yield 1;
            }
            case "close", "clearParameters" -> null;
            default -> throw unexpected(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static UnsupportedOperationException unexpected(String name) {
        return new UnsupportedOperationException("expected no call of " + name);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String place() {
        return "here";
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
    public Closeable prepare() {
        return () -> {};
    }

    @Override
    public Optional<String> objection() {
        return Optional.empty();
    }

    @Override
    public Object identity() {
        return "the only one";
    }

    @Override
    public DataSource forMigrations() {
        throw unexpected("forMigrations");
    }

    @Override
    public void allow(Connection connection, Duration time) {}

    @Override
    public void interrupt(Connection connection) {}

    @Override
    public String begin(CallKind kind) {
        return "BEGIN";
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
    public TransactionState transactions(Connection connection) {
        return new TransactionState() {
            @Override
            public void begun() {}

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public boolean mayBeCommitted() {
                return false;
            }

            @Override
            public boolean isLeftOpen() {
                return false;
            }
        };
    }

    @Override
    public Anchor anchor(Connection connection) {
        return () -> true;
    }

    @Override
    public String checkpoint() {
        return "";
    }

    @Override
    public boolean isControl(Connection connection, String sql) {
        return false;
    }

    @Override
    public String rowLock() {
        return "";
    }

    @Override
    public Fault fault(SQLException e) {
        return new Fault(Fault.Kind.TIMEOUT, "");
    }

    @Override
    public boolean leavesDoubt(SQLException e) {
        return false;
    }

    @Override
    public void requireParameters(PreparedStatement statement, int given) {}

    @Override
    public Object parameter(Instant instant) {
        return instant;
    }

    @Override
    public Instant instant(ResultSet results, int column) {
        throw unexpected("instant");
    }
}
