package dev.thrum.database;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.thrum.base.Deadline;
import dev.thrum.base.IoWords;
import dev.thrum.database.dialect.CallKind;
import dev.thrum.database.dialect.Dialect;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database that is asked from any thread and answers with futures.
 *
 * <p>A few threads own a connection each and run the calls; everybody else waits on a future, which is what a virtual
 * thread does best, on any engine: {@code database.query(...).join()}. So no caller ever blocks a carrier or an event
 * loop in a driver. The future ends within the call's deadline, whatever the database does. What it fails with is a
 * {@link DatabaseException}; {@code join} wraps that into a {@code CompletionException}.
 *
 * <p>A write is acknowledged when it is on the disk, and what was acknowledged is seen by every call made after. A call
 * whose future is cancelled before it was begun is not run. What is chained to a future without an executor of its own
 * runs on a thread of the database, so it must be short, and must not wait for the database.
 */
public final class Database implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Database.class.getName());

    /** How long threads get to end after what they ran has been given up. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final DatabaseConfig config;
    private final DatabaseCounters counters;
    private final DatabaseExecutor writes;

    /** The same executor where writers need not take turns. */
    private final DatabaseExecutor reads;

    /** Whether what is committed comes into the file, as far as {@link #checkpoint} has found out. */
    private final Availability checkpoints;

    private final DeadlineWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Database(DatabaseConfig config) {
        Dialect dialect = config.source().dialect();
        this.config = config;
        this.counters = new DatabaseCounters();
        if (dialect.hasOneWriter()) {
            this.writes = new DatabaseExecutor(shape("thrum-db-writer", false, 1), dialect, new GroupCommit(counters));
            // Even of one thread: a read that took the writer's turn would keep other programs from writing.
            int readers = Math.max(1, config.threads() - 1);
            this.reads = new DatabaseExecutor(shape("thrum-db-reader", true, readers), dialect, retries());
        } else {
            this.writes = new DatabaseExecutor(shape("thrum-db", false, config.threads()), dialect, retries());
            this.reads = writes;
        }
        this.checkpoints = new Availability(dialect);
        this.watch = new DeadlineWatch("thrum-db-deadlines", this::growExecutors);
    }

    private DatabaseExecutor.Shape shape(String name, boolean readOnly, int threads) {
        return new DatabaseExecutor.Shape(name, readOnly, threads, config.capacity(), config.deadline());
    }

    private Retries retries() {
        return new Retries(counters, RandomGenerator.getDefault());
    }

    /**
     * Opens a database, creates it at the first start, and brings its tables up to date.
     *
     * @throws DatabaseException if it can't be reached or used; the message names the remedy
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

    /** The rows of one statement that reads; one that writes is refused where the database tells them apart (SQLite). */
    public <T> CompletableFuture<List<T>> query(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return call(CallKind.QUERY, session -> session.query(sql, mapper, parameters));
    }

    /** Runs one statement that writes; gives how many rows it has changed. */
    @CanIgnoreReturnValue
    public CompletableFuture<Integer> update(String sql, @Nullable Object... parameters) {
        return call(CallKind.UPDATE, session -> session.update(sql, parameters));
    }

    /** Runs one statement that writes and gives rows, as {@code INSERT ... RETURNING id} does. */
    @CanIgnoreReturnValue
    public <T> CompletableFuture<List<T>> updateReturning(
            String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
        return call(CallKind.RETURNING, session -> session.query(sql, mapper, parameters));
    }

    /** Runs statements that take effect together or not at all, as if no other transaction ran beside (serializable). */
    @CanIgnoreReturnValue
    public <T extends @Nullable Object> CompletableFuture<T> transaction(Work<T> work) {
        return call(CallKind.TRANSACTION, work);
    }

    /** Runs statements that read the state of one moment. */
    public <T extends @Nullable Object> CompletableFuture<T> snapshot(Work<T> work) {
        return call(CallKind.SNAPSHOT, work);
    }

    /** Hands work in that is to be bracketed so; the future is the call's own, so that cancelling reaches it. */
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

    /** What it can't work with now, as for an operator; empty while it works as far as anybody has tried. */
    public Optional<String> fault() {
        return Stream.concat(executors().map(DatabaseExecutor::availability), Stream.of(checkpoints))
                .flatMap(availability -> availability.fault().stream())
                .findFirst();
    }

    /**
     * Brings what was committed from the log of the embedded database into its file, and says how much there was. To be called
     * now and then, by a thread that may wait for the disk; while it fails the database has a {@link #fault}.
     *
     * @throws DatabaseException if it fails, which is logged
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

    public DatabaseStats stats() {
        return counters.stats(
                executors().mapToInt(executor -> executor.alive()).sum(),
                executors().mapToInt(DatabaseExecutor::running).sum(),
                executors().mapToInt(DatabaseExecutor::waiting).sum());
    }

    /** Where it is. */
    public Source source() {
        return config.source();
    }

    private Stream<DatabaseExecutor> executors() {
        return Stream.of(writes, reads).distinct();
    }

    /**
     * Accepts nothing more, lets what was handed in finish within the given time, then closes.
     *
     * @return whether all of it was finished
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

    /** Ends at once: what waits is failed, what runs gets a second. Closing again changes nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        executors().forEach(DatabaseExecutor::giveUp);
        try {
            if (!awaitEnd(Deadline.in(GRACE))) {
                LOG.log(Level.WARNING, "the database was closed while statements ran that did not end within " + GRACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
    }
}
