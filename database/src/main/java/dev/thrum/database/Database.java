package dev.thrum.database;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.base.IoWords;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database whose calls run on threads of its own and return futures. Thread-safe.
 *
 * <p>A few threads own a connection each and run the calls. Callers wait on the future, which is cheap for a virtual
 * thread on any engine: {@code database.query(...).join()}. No caller ever blocks a carrier thread or an event loop in
 * a driver.
 *
 * <p>The future is completed within the deadline of {@link DatabaseConfig}, whatever the database does. On failure it
 * is completed with a {@link DatabaseException}, which {@code join} wraps in a {@code CompletionException}. Calls never
 * throw it directly, also after {@link #close}. A read sees every write that was acknowledged before the read was
 * called.
 *
 * <p>A write is acknowledged, that is, its future is completed, only when it is on the disk. Cancelling a future before
 * a thread has begun its call prevents the call; after that, the work's next statement fails and its transaction is
 * undone, unless the commit has begun. Cancelling does not interrupt the thread. A client's disconnect cancels nothing
 * by itself.
 *
 * <p>A dependent stage without an executor of its own ({@code thenApply} and the like) runs on a thread of the
 * database, or on the caller's if the future is completed already. It must be short, and must not wait for the
 * database: all threads could wait for each other.
 *
 * <p>SQL parameters are {@code ?}; their values are a {@code String}, {@code Long}, {@code Integer}, {@code Instant} or
 * null. The array of parameters is not copied: it must not be changed before the future is completed.
 */
public final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());

    /** How long threads may take to end after their calls were given up. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final DatabaseConfig config;
    private final DatabaseCounters counters;
    private final DatabaseExecutor writes;

    /** The same executor where several writers run at once. */
    private final DatabaseExecutor reads;

    /** Whether checkpoints work, as far as {@link #checkpoint} has found out. */
    private final Availability checkpoints;

    /** Whether connections that listen work; no fault of the database, because calls go on without them. */
    private final Availability listeners;

    private final DeadlineWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Database(DatabaseConfig config) {
        Dialect dialect = config.source().dialect();
        this.config = config;
        this.counters = new DatabaseCounters();
        if (dialect.hasOneWriter()) {
            this.writes = new DatabaseExecutor(shape("thrum-db-writer", false, 1), dialect, new GroupCommit(counters));
            // At least one: a read on the writer's connection would keep other programs from writing.
            int readers = Math.max(1, config.threads() - 1);
            this.reads = new DatabaseExecutor(shape("thrum-db-reader", true, readers), dialect, retries());
        } else {
            this.writes = new DatabaseExecutor(shape("thrum-db", false, config.threads()), dialect, retries());
            this.reads = writes;
        }
        this.checkpoints = new Availability(dialect);
        this.listeners = new Availability(dialect);
        this.watch = new DeadlineWatch("thrum-db-deadlines", this::growExecutors);
    }

    private DatabaseExecutor.Shape shape(String name, boolean readOnly, int threads) {
        return new DatabaseExecutor.Shape(name, readOnly, threads, config.capacity(), config.deadline());
    }

    private Retries retries() {
        return new Retries(counters, RandomGenerator.getDefault());
    }

    /**
     * Opens a database: creates it at the first start, and brings its tables up to date. Blocks the calling thread.
     *
     * @param schema runs on the calling thread, before any call; in an embedded database while no other program opens
     *     it
     * @return the open database, to be closed by the caller
     * @throws DatabaseException if it can't be reached, created or used; the message names the remedy
     */
    public static Database open(DatabaseConfig config, Schema schema) {
        Dialect dialect = config.source().dialect();
        SchemaTarget target = new SchemaTarget(dialect);
        try (Closeable _ = dialect.prepare()) {
            target.requireFit();
            schema.bringUpToDate(target);
        } catch (IOException e) {
            throw new DatabaseException(
                    DatabaseException.Reason.UNAVAILABLE, "cannot make " + config.source() + ": " + IoWords.of(e), e);
        }
        return new Database(config);
    }

    /**
     * Runs one statement that reads. A statement that writes is refused where the database distinguishes them (SQLite).
     *
     * @param mapper makes a value of each row; runs on a thread of the database
     * @return the values, in the order of the rows; empty if there are none
     */
    public <T> CompletableFuture<List<T>> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return call(CallKind.QUERY, session -> session.query(sql, mapper, parameters));
    }

    /**
     * Runs one statement that writes, in a transaction of its own.
     *
     * @return the number of rows that it has changed
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> update(String sql, @Nullable Object... parameters) {
        return call(CallKind.UPDATE, session -> session.update(sql, parameters));
    }

    /**
     * Runs one statement that writes and returns rows, such as {@code INSERT ... RETURNING id}, in a transaction of its
     * own.
     *
     * @param mapper makes a value of each row; runs on a thread of the database, maybe more than once a row, because
     *     the statement can be run again
     * @return the values, in the order of the rows
     */
    @CanIgnoreReturnValue
    public <T> CompletableFuture<List<T>> updateReturning(
            String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return call(CallKind.RETURNING, session -> session.query(sql, mapper, parameters));
    }

    /**
     * Runs statements that take effect together or not at all, as if no other transaction ran at the same time
     * (serializable).
     *
     * <p>If the work throws, nothing is written, and the future fails with {@link DatabaseException.Reason#FAILED} and
     * the exception as its cause. Transactions can't be nested: work must not wait for another call of this database.
     *
     * @param work runs on a thread of the database, maybe more than once
     * @return the result of the work's last run
     */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> CompletableFuture<T> transaction(Work<T> work) {
        return call(CallKind.TRANSACTION, work);
    }

    /**
     * Runs statements that read one snapshot: they all see the database as it was at one moment.
     *
     * @param work runs on a thread of the database, maybe more than once; it must not write
     * @return the result of the work's last run
     */
    public <T extends @Nullable Object> CompletableFuture<T> snapshot(Work<T> work) {
        return call(CallKind.SNAPSHOT, work);
    }

    /**
     * Runs work in a transaction of this kind. The future is the call's own, so that cancelling it reaches the call.
     *
     * @param work runs on a thread of the database, maybe more than once
     */
    public <T extends @Nullable Object> CompletableFuture<T> call(CallKind kind, Work<T> work) {
        Call<T> call = new Call<>(kind, work, config.deadline());
        DatabaseExecutor executor = kind.reads() ? reads : writes;
        try {
            if (executor.offer(call)) {
                counters.called();
                watch.add(call);
            } else {
                counters.overloaded();
                call.fail(overloaded(executor));
            }
        } catch (DatabaseException e) {
            call.fail(e);
        }
        return call.future();
    }

    private void growExecutors() {
        writes.growIfShort();
        reads.growIfShort();
    }

    private static DatabaseException overloaded(DatabaseExecutor executor) {
        return new DatabaseException(
                DatabaseException.Reason.OVERLOADED,
                "expected at most " + executor.shape().capacity() + " calls to wait for "
                        + executor.shape().name() + " but as many do: try again later",
                null);
    }

    /**
     * The fault that keeps the database from working now, with its remedy, for an operator; empty while it works, as
     * far as calls have found out. Asks nothing of the database, and does not block.
     */
    public Optional<String> fault() {
        return Stream.concat(executors().map(DatabaseExecutor::availability), Stream.of(checkpoints))
                .flatMap(availability -> availability.fault().stream())
                .findFirst();
    }

    /**
     * Copies committed pages from the write-ahead log of the embedded database into its file; does nothing on a server.
     * Blocks, so it is to be called now and then by a thread that may wait for the disk. While it fails, the database
     * has a {@link #fault}.
     *
     * @return how many pages were in the log and how many are in the file now, for a log entry
     * @throws DatabaseException if it fails
     */
    public String checkpoint() {
        try {
            String said = config.source().dialect().checkpoint();
            checkpoints.worked();
            return said;
        } catch (SQLException e) {
            throw checkpoints.failure(e);
        }
    }

    /**
     * Listens to a channel of a PostgreSQL server, on a connection of its own, to be closed by the caller. Blocks while it
     * connects.
     *
     * @throws DatabaseException if the server can't be reached
     * @throws UnsupportedOperationException on the embedded database
     */
    public Notifications listen(String channel) {
        if (config.source().file().isPresent()) {
            throw new UnsupportedOperationException("expected a PostgreSQL server but this is " + config.source());
        }
        return Notifications.open(listeners, channel, config.deadline());
    }

    /** The database's counters; they are not of one moment while calls run. */
    public DatabaseStats stats() {
        return counters.stats(
                executors().mapToInt(executor -> executor.alive()).sum(),
                executors().mapToInt(DatabaseExecutor::running).sum(),
                executors().mapToInt(DatabaseExecutor::waiting).sum(),
                executors()
                        .map(DatabaseExecutor::oldestWait)
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
    }

    /** The place of this database. */
    public Source source() {
        return config.source();
    }

    private Stream<DatabaseExecutor> executors() {
        return Stream.of(writes, reads).distinct();
    }

    /**
     * Accepts no more calls, waits until those that were accepted are finished, at most this long, then closes.
     *
     * <p>Further calls fail with {@link DatabaseException.Reason#CLOSED}. Must not be called on a thread of the
     * database.
     *
     * @param patience for calls that are queued or running
     * @return whether all of them were finished
     * @throws InterruptedException if the caller is interrupted while it waits; the database is closed nevertheless
     */
    public boolean shutdown(Duration patience) throws InterruptedException {
        executors().forEach(DatabaseExecutor::beginDrain);
        try {
            return awaitEnd(Deadline.in(patience));
        } finally {
            close();
        }
    }

    private boolean awaitEnd(Deadline deadline) throws InterruptedException {
        boolean ended = true;
        for (DatabaseExecutor executor : executors().toList()) {
            ended &= executor.awaitEnd(deadline);
        }
        return ended;
    }

    /**
     * Closes at once. Queued calls fail with {@link DatabaseException.Reason#CLOSED}. Running calls get a second to
     * finish, then they fail with {@link DatabaseException.Reason#UNKNOWN}. Closing again has no effect.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        executors().forEach(DatabaseExecutor::giveUp);
        try {
            if (!awaitEnd(Deadline.in(GRACE))) {
                LOG.log(
                        Level.WARNING,
                        "the database was closed while statements ran that did not end within "
                                + DurationText.of(GRACE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }
}
