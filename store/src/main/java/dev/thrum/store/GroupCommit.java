package dev.thrum.store;

import dev.thrum.work.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets calls that wait at the same time share one transaction, and so one wait for the disk.
 *
 * <p>Each call of several statements runs within a savepoint, so that it fails alone; a single statement that fails has
 * no effect anyway, and is undone with the group in the rare case that it is its rows which nothing can be made of. All are answered after the commit, those that failed too: what they were told may rest on writes
 * of the same group. When the transaction as a whole fails, each call is run again by itself, and what then fails is
 * that call's own.
 */
final class GroupCommit implements Brackets {
    private static final int MOST = 256;

    /** After so long no more calls are taken in: those that are done wait for the commit. */
    private static final Duration LONGEST = Duration.ofMillis(10);

    private final DatabaseCounters counters;

    GroupCommit(DatabaseCounters counters) {
        this.counters = counters;
    }

    @Override
    public void run(Call<?> first, Links links, Supplier<Optional<Call<?>>> waiting) {
        Link link;
        try {
            link = links.ready();
            link.execute(link.dialect().beginWrite());
        } catch (SQLException e) {
            failAll(first, waiting, links, e);
            return;
        }
        Group group = new Group();
        try {
            fill(group, first, link, links, waiting);
            group.committing = true;
            link.execute("COMMIT");
        } catch (SQLException e) {
            link.rollback();
            links.judge(e);
            undone(group, links, e);
            return;
        } catch (RuntimeException | Error e) {
            // Nobody knows in which state the connection is. Closing it undoes what is not committed.
            links.discard();
            group.calls.forEach(call -> call.fail(group.committing ? doubt(e) : thrown(e)));
            return;
        }
        links.availability().worked();
        counters.committed(group.calls.size());
        group.calls.forEach(Call::acknowledge);
    }

    /** The calls of one transaction, in their order. */
    private static final class Group {
        final List<Call<?>> calls = new ArrayList<>();

        /** Whether the database may have done them although it has not said so. */
        boolean committing;
    }

    private static void fill(Group group, Call<?> first, Link link, Links links, Supplier<Optional<Call<?>>> waiting)
            throws SQLException {
        Deadline full = Deadline.in(LONGEST);
        Optional<Call<?>> next = Optional.of(first);
        while (next.isPresent()) {
            group.calls.add(next.get());
            member(next.get(), link, links.availability());
            boolean more = group.calls.size() < MOST && full.nanosLeft() > 0;
            next = more ? waiting.get() : Optional.empty();
        }
    }

    /** Answers calls whose transaction failed as a whole, or runs them again. */
    private void undone(Group group, Links links, SQLException e) {
        Availability availability = links.availability();
        if (group.committing && availability.dialect().leavesDoubt(e)) {
            StoreException doubt = availability.doubt(e);
            group.calls.forEach(call -> call.fail(doubt));
        } else if (group.calls.size() == 1) {
            group.calls.getFirst().fail(availability.failure(e));
        } else {
            for (Call<?> call : group.calls) {
                if (!call.isOver()) {
                    run(call, links, Optional::empty);
                }
            }
        }
    }

    /**
     * Fails a call that could not begin a transaction, and who waits: that would find the database as this call did, and
     * has waited as long for that. A connection that can't begin one is of no use, whatever the reason.
     */
    private static void failAll(Call<?> first, Supplier<Optional<Call<?>>> waiting, Links links, SQLException e) {
        links.discard();
        StoreException failure = links.availability().failure(e);
        Optional<Call<?>> next = Optional.of(first);
        while (next.isPresent()) {
            next.get().fail(failure);
            next = waiting.get();
        }
    }

    /**
     * Runs one call within the transaction.
     *
     * @throws SQLException if that has ended the transaction
     */
    private static void member(Call<?> call, Link link, Availability availability) throws SQLException {
        boolean guarded = call.kind().isManyStatements();
        if (guarded) {
            link.execute("SAVEPOINT call");
        }
        boolean done = false;
        try {
            call.run(link);
            done = true;
        } catch (SQLException e) {
            if (!link.dialect().fault(e).isOfStatement() || isToBeUndone(call, guarded)) {
                throw e;
            }
            call.failed(availability.failure(e));
        } catch (RuntimeException | Error e) {
            if (isToBeUndone(call, guarded)) {
                throw new SQLException("what was made of its rows threw " + e, e);
            }
            call.failed(thrown(e));
        }
        if (guarded && !done) {
            link.execute("ROLLBACK TO call");
        }
        if (guarded) {
            link.execute("RELEASE call");
        }
    }

    /** Whether a call that failed has left its effect: without a savepoint only the whole transaction can be undone. */
    private static boolean isToBeUndone(Call<?> call, boolean guarded) {
        return !guarded && !call.kind().reads() && call.isEffective();
    }

    static StoreException thrown(Throwable e) {
        return new StoreException(StoreException.Reason.FAILED, "the work of a database call threw " + e, e);
    }

    private static StoreException doubt(Throwable e) {
        return new StoreException(
                StoreException.Reason.UNKNOWN, "the commit threw " + e + " and may be done or not", e);
    }
}
