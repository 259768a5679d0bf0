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
 * no effect anyway. All are answered after the commit, those that failed too: what they were told may rest on writes
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
        List<Call<?>> group = new ArrayList<>();
        group.add(first);
        Link link;
        try {
            link = links.ready();
            link.execute(link.dialect().beginWrite());
        } catch (SQLException e) {
            failAll(group, waiting, links, e);
            return;
        }
        try {
            Deadline full = Deadline.in(LONGEST);
            member(first, link, links.availability());
            while (group.size() < MOST && full.nanosLeft() > 0) {
                Optional<Call<?>> next = waiting.get();
                if (next.isEmpty()) {
                    break;
                }
                group.add(next.get());
                member(next.get(), link, links.availability());
            }
            link.execute("COMMIT");
            links.availability().worked();
            counters.committed(group.size());
            group.forEach(Call::acknowledge);
        } catch (SQLException e) {
            link.rollback();
            links.judge(e);
            if (group.size() == 1) {
                first.fail(links.availability().failure(e));
            } else {
                group.forEach(call -> runAlone(call, links));
            }
        }
    }

    /** Whoever waits now would find the database as this call did, and has waited as long for that. */
    private static void failAll(List<Call<?>> group, Supplier<Optional<Call<?>>> waiting, Links links, SQLException e) {
        links.judge(e);
        for (Optional<Call<?>> next = waiting.get(); next.isPresent(); next = waiting.get()) {
            group.add(next.get());
        }
        StoreException failure = links.availability().failure(e);
        group.forEach(call -> call.fail(failure));
    }

    /**
     * Runs one call within the transaction.
     *
     * @throws SQLException if that has ended the transaction
     */
    private static void member(Call<?> call, Link link, Availability availability) throws SQLException {
        boolean guarded = !call.kind().isOneStatement();
        if (guarded) {
            link.execute("SAVEPOINT call");
        }
        boolean done = false;
        try {
            call.run(link);
            done = true;
        } catch (SQLException e) {
            if (!link.dialect().fault(e).isOfStatement()) {
                throw e;
            }
            call.failed(availability.failure(e));
        } catch (RuntimeException | Error e) {
            call.failed(thrown(e));
        }
        if (guarded && !done) {
            link.execute("ROLLBACK TO call");
        }
        if (guarded) {
            link.execute("RELEASE call");
        }
    }

    static StoreException thrown(Throwable e) {
        return new StoreException(StoreException.Reason.FAILED, "the work of a database call threw " + e, e);
    }

    private void runAlone(Call<?> call, Links links) {
        if (call.isOver()) {
            return;
        }
        try {
            Link link = links.ready();
            link.execute(link.dialect().beginWrite());
            try {
                member(call, link, links.availability());
                link.execute("COMMIT");
                counters.committed(1);
                call.acknowledge();
            } catch (SQLException e) {
                link.rollback();
                throw e;
            }
        } catch (SQLException e) {
            links.judge(e);
            call.fail(links.availability().failure(e));
        }
    }
}
