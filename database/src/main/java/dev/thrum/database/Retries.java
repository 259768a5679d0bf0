package dev.thrum.database;

import dev.thrum.database.dialect.Dialect;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs each call in a transaction of its own, and again after a conflict with other transactions.
 *
 * <p>Pauses between tries are random, from a range that doubles ("full jitter"), so that two calls that collide don't
 * collide again at the same moment. They end with the call's deadline.
 */
final class Retries implements TransactionStrategy {
    private static final int MOST_TRIES = 30;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(64);

    private final DatabaseCounters counters;
    private final RandomGenerator random;

    Retries(DatabaseCounters counters, RandomGenerator random) {
        this.counters = counters;
        this.random = random;
    }

    @Override
    public void run(Call<?> call, ThreadConnection own, Supplier<Optional<Call<?>>> waiting) {
        int tries = 0;
        boolean again = true;
        while (again) {
            tries++;
            again = attempt(call, own, tries);
        }
    }

    /** Returns whether to try again; if not, the future is completed. */
    private boolean attempt(Call<?> call, ThreadConnection own, int tries) {
        Progress progress = new Progress();
        try {
            PooledConnection pooled = own.ready();
            progress.connected = true;
            try {
                execute(call, pooled, progress);
            } catch (SQLException | RuntimeException | Error e) {
                if (progress.begun) {
                    pooled.rollback();
                    if (!pooled.isFree()) {
                        own.discard();
                    }
                }
                throw e;
            }
            own.availability().worked();
            if (!call.kind().reads()) {
                counters.committed(1);
            }
            call.acknowledge();
            return false;
        } catch (SQLException e) {
            own.judge(e);
            if (isWorthAnotherTry(own.availability().dialect(), e, progress, tries) && pause(call, tries)) {
                counters.retried();
                return true;
            }
            call.fail(judged(call, progress, own.availability(), e));
        } catch (RuntimeException | Error e) {
            call.fail(Availability.thrown(e));
        }
        return false;
    }

    private static DatabaseException judged(
            Call<?> call, Progress progress, Availability availability, SQLException e) {
        if (e instanceof StrayEndException stray) {
            return Availability.stray(stray);
        }
        if (progress.connected && call.timeLeft().isZero()) {
            // The connection was closed because the call's deadline passed, which says nothing about the server.
            return availability.late(e);
        }
        return progress.inDoubt && availability.dialect().leavesDoubt(e)
                ? availability.doubt(e)
                : availability.failure(e);
    }

    /** The progress of a try. */
    private static final class Progress {
        /** Whether there was a connection. */
        boolean connected;

        boolean begun;

        /** Whether the database may have done it although it has not confirmed it. */
        boolean inDoubt;
    }

    private static void execute(Call<?> call, PooledConnection pooled, Progress progress) throws SQLException {
        if (call.kind().isOneStatement()) {
            progress.inDoubt = !call.kind().reads();
            call.run(pooled);
            progress.begun = true;
            pooled.requireNone();
            progress.begun = false;
            progress.inDoubt = false;
            return;
        }
        progress.begun = true;
        pooled.begin(call.kind());
        call.run(pooled);
        progress.inDoubt = !call.kind().reads();
        pooled.commit();
        progress.inDoubt = false;
        progress.begun = false;
    }

    private static boolean isWorthAnotherTry(Dialect dialect, SQLException e, Progress progress, int tries) {
        return switch (dialect.fault(e).kind()) {
            case RACE -> tries < MOST_TRIES;
            // The connection may have been lost long ago; a second one will show.
            case UNAVAILABLE -> tries == 1 && !(progress.inDoubt && dialect.leavesDoubt(e));
            case STATEMENT, TIMEOUT -> false;
        };
    }

    private boolean pause(Call<?> call, int tries) {
        long range = Math.min(FIRST_PAUSE.toNanos() << Math.min(tries - 1, 20), LONGEST_PAUSE.toNanos());
        LockSupport.parkNanos(this, random.nextLong(range));
        return !call.isOver() && !call.timeLeft().isZero();
    }
}
