package dev.thrum.database;

import dev.thrum.base.Deadline;
import dev.thrum.base.IoWords;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Group commit: calls that wait at the same time share one transaction, and so one wait for the disk.
 *
 * <p>Each call of several statements runs within a savepoint, so that only that call fails. A single statement has
 * none, since a savepoint would cost as much as the statement; when it fails, the whole transaction is undone, because
 * some statements end it or leave a part of their changes (OR ROLLBACK, OR FAIL). All futures are completed after the
 * commit, those of failed calls too, because a failure may depend on writes of the same group. When the transaction as
 * a whole fails, each call runs again in a transaction of its own, and a failure then is that call's own.
 */
final class GroupCommit implements TransactionStrategy {
    private static final int MOST = 256;

    /** After this time no more calls are added: those in the group wait for the commit. */
    private static final Duration LONGEST = Duration.ofMillis(10);

    private final DatabaseCounters counters;
    private final Duration longest;

    GroupCommit(DatabaseCounters counters) {
        this(counters, LONGEST);
    }

    GroupCommit(DatabaseCounters counters, Duration longest) {
        this.counters = counters;
        this.longest = longest;
    }

    @Override
    public void run(Call<?> first, ThreadConnection own, Supplier<Optional<Call<?>>> waiting) {
        PooledConnection pooled;
        try {
            pooled = own.ready();
            pooled.begin(first.kind());
        } catch (SQLException e) {
            failAll(first, waiting, own, e);
            return;
        }
        Group group = new Group();
        try {
            fill(group, first, pooled, own, waiting);
            group.committing = true;
            pooled.commit();
        } catch (SQLException e) {
            group.strayed = !group.committing && pooled.isCommittedByOthers();
            pooled.rollback();
            own.judge(e);
            undone(group, own, e);
            return;
        } catch (RuntimeException | Error e) {
            boolean certain = !group.committing && !pooled.isCommittedByOthers();
            // The state of the connection is uncertain. Closing it undoes everything that is not committed.
            own.discard();
            group.calls.forEach(call -> call.fail(certain ? Availability.thrown(e) : doubt(e)));
            return;
        }
        own.availability().worked();
        counters.committed(group.calls.size());
        group.calls.forEach(Call::acknowledge);
    }

    /** The calls of one transaction, in their order. */
    private static final class Group {
        final List<Call<?>> calls = new ArrayList<>();

        /** Whether the database may have committed them although it has not confirmed it. */
        boolean committing;

        /** Whether a call may have committed the group so far: then none is run again. */
        boolean strayed;
    }

    private void fill(
            Group group,
            Call<?> first,
            PooledConnection pooled,
            ThreadConnection own,
            Supplier<Optional<Call<?>>> waiting)
            throws SQLException {
        Deadline full = Deadline.in(longest);
        Optional<Call<?>> next = Optional.of(first);
        while (next.isPresent()) {
            group.calls.add(next.get());
            member(next.get(), pooled, own.availability());
            boolean more = group.calls.size() < MOST && full.nanosLeft() > 0;
            next = more ? waiting.get() : Optional.empty();
        }
    }

    /** Fails the calls of a transaction that failed as a whole, or runs them again. */
    private void undone(Group group, ThreadConnection own, SQLException e) {
        Availability availability = own.availability();
        if (group.strayed) {
            DatabaseException stray = Availability.stray(new StrayEndException(e));
            group.calls.forEach(call -> call.fail(stray));
        } else if (group.committing && availability.dialect().leavesDoubt(e)) {
            DatabaseException doubt = availability.doubt(e);
            group.calls.forEach(call -> call.fail(doubt));
        } else if (group.calls.size() == 1) {
            Throwable cause = e.getCause();
            boolean threw = cause instanceof RuntimeException || cause instanceof Error;
            group.calls.getFirst().fail(cause != null && threw ? Availability.thrown(cause) : availability.failure(e));
        } else {
            for (Call<?> call : group.calls) {
                if (!call.isOver()) {
                    run(call, own, Optional::empty);
                }
            }
        }
    }

    /**
     * Fails a call that could not begin a transaction, and those that are queued after it, which would fail in the same
     * way. Later calls make a try of their own. A connection that can't begin a transaction is useless, whatever the
     * reason.
     */
    private static void failAll(
            Call<?> first, Supplier<Optional<Call<?>>> waiting, ThreadConnection own, SQLException e) {
        own.discard();
        List<Call<?>> calls = new ArrayList<>();
        Optional<Call<?>> next = Optional.of(first);
        while (next.isPresent()) {
            calls.add(next.get());
            next = calls.size() < MOST ? waiting.get() : Optional.empty();
        }
        DatabaseException failure = own.availability().failure(e);
        calls.forEach(call -> call.fail(failure));
    }

    /**
     * Runs one call within the transaction.
     *
     * @throws SQLException if the call has ended the transaction, or only a rollback can undo its changes
     */
    private static void member(Call<?> call, PooledConnection pooled, Availability availability) throws SQLException {
        if (!call.kind().isManyStatements()) {
            try {
                call.run(pooled);
            } catch (RuntimeException | Error e) {
                throw new SQLException("the mapping of its rows failed: " + IoWords.of(e), e);
            }
            pooled.requireOurs();
            return;
        }
        pooled.execute("SAVEPOINT call");
        boolean done = false;
        try {
            call.run(pooled);
            done = true;
        } catch (SQLException e) {
            if (!pooled.dialect().fault(e).isOfStatement() || !pooled.isOurs()) {
                throw e;
            }
            call.failed(availability.failure(e));
        } catch (RuntimeException | Error e) {
            call.failed(Availability.thrown(e));
        }
        pooled.requireOurs();
        if (!done) {
            pooled.execute("ROLLBACK TO call");
        }
        pooled.execute("RELEASE call");
    }

    private static DatabaseException doubt(Throwable e) {
        return new DatabaseException(
                DatabaseException.Reason.UNKNOWN,
                "the commit failed unexpectedly, so it may or may not have been done: " + IoWords.of(e),
                e);
    }
}
