package dev.thrum.database;

import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.database.dialect.CallKind;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A call: the work of a caller, and the future that gets its result.
 *
 * <p>The future belongs to the caller, which may cancel it, and to the thread that completes it first: the one that
 * runs the work, or {@link DeadlineWatch}. The result stays with the thread that runs the work until it is
 * acknowledged, so that no caller sees a write complete before it is on the disk.
 */
public final class Call<T extends @Nullable Object> {
    /** Whether a thread has begun it. Decided once, so that a call reported as "not begun" is never run later. */
    private enum CallState {
        OPEN,
        BEGUN,
        /** It will not be begun; the thread that decided this completes the future. */
        GIVEN_UP
    }

    private final CallKind kind;
    private final Work<T> work;
    private final Duration patience;
    private final Deadline deadline;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    private final AtomicReference<CallState> fate = new AtomicReference<>(CallState.OPEN);

    /** The connection of the work; set by the thread that runs it, at each try, before the call counts as begun. */
    private volatile @Nullable PooledConnection pooled;

    // Written and read by the thread that runs the work.
    private @Nullable T value;
    private @Nullable DatabaseException failure;

    Call(CallKind kind, Work<T> work, Duration patience) {
        this.kind = kind;
        this.work = work;
        this.patience = patience;
        this.deadline = Deadline.in(patience);
    }

    CallKind kind() {
        return kind;
    }

    CompletableFuture<T> future() {
        return future;
    }

    Duration timeLeft() {
        return deadline.left();
    }

    /** The time since it was made. Its deadline knows that already, so no further reading of the clock is kept. */
    Duration age() {
        return Duration.ofNanos(Clock.nanos(patience) - deadline.nanosLeft());
    }

    /** Whether its future is completed: by a result, a cancellation or the deadline. */
    boolean isOver() {
        return future.isDone();
    }

    /** Whether it is over, and none of its statements is still running. */
    boolean isGone() {
        PooledConnection where = pooled;
        return isOver() && (where == null || !where.isServing(this));
    }

    /** Runs the work and keeps its result; the caller handles failures. */
    void run(PooledConnection on) throws SQLException {
        pooled = on;
        failure = null;
        if (fate.compareAndExchange(CallState.OPEN, CallState.BEGUN) == CallState.GIVEN_UP) {
            throw new SQLTimeoutException("the call was given up before it was begun");
        }
        Session session = new Session(on, this);
        try {
            on.serve(this);
            value = work.run(session);
        } finally {
            session.end();
            on.served();
        }
        session.requireWhole();
    }

    /** Keeps the failure instead of a value. */
    void failed(DatabaseException why) {
        failure = why;
    }

    /** Completes the future with the result that was kept. */
    @SuppressWarnings("NullAway") // The value is what the work returned: null only where T admits it.
    void acknowledge() {
        if (fate.get() == CallState.GIVEN_UP) {
            return;
        }
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    void fail(DatabaseException why) {
        failed(why);
        acknowledge();
    }

    /** Fails it for good, from a thread other than the one that runs it. */
    void abandon() {
        if (giveUp()) {
            refuse(DatabaseException.Reason.CLOSED, "the database was closed before the call was begun");
        } else if (isBegun()) {
            refuse(DatabaseException.Reason.UNKNOWN, "the database was closed before it answered");
            interrupt();
        }
    }

    /** Fails it if its deadline has passed, and interrupts the statement that is still running. */
    void expireIfLate() {
        if (deadline.nanosLeft() > 0) {
            return;
        }
        if (giveUp()) {
            refuse(
                    DatabaseException.Reason.EXPIRED,
                    "expected a database thread and its connection to be free within " + DurationText.of(patience)
                            + " but none was");
        } else if (isBegun()) {
            refuse(
                    DatabaseException.Reason.UNKNOWN,
                    "expected the database to answer within " + DurationText.of(patience) + " but it did not");
            interrupt();
        }
    }

    private boolean giveUp() {
        return fate.compareAndSet(CallState.OPEN, CallState.GIVEN_UP);
    }

    /** If not, another thread has given it up and is about to complete the future. */
    private boolean isBegun() {
        return fate.get() == CallState.BEGUN;
    }

    private void refuse(DatabaseException.Reason why, String message) {
        future.completeExceptionally(new DatabaseException(why, message, null));
    }

    private void interrupt() {
        PooledConnection where = pooled;
        if (where != null) {
            where.interrupt(this);
        }
    }
}
