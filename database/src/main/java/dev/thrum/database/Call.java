package dev.thrum.database;

import dev.thrum.base.Deadline;
import dev.thrum.database.dialect.CallKind;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work that somebody handed in, and the future that gets what came of it.
 *
 * <p>The future belongs to the caller, who may cancel it, and to whoever completes it first: the thread that runs the
 * work or {@link DeadlineWatch}. What came of the work stays with its thread until it is acknowledged, so that nobody
 * learns of a write before it is on the disk.
 */
public final class Call<T extends @Nullable Object> {
    /** Whether a thread has begun it; decided once, so that nobody is told "not begun" of what is done later. */
    private enum CallState {
        OPEN,
        BEGUN,
        /** It will not be begun, and whoever has decided that says so to the caller. */
        GIVEN_UP
    }

    private final CallKind kind;
    private final Work<T> work;
    private final Duration patience;
    private final Deadline deadline;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    private final AtomicReference<CallState> fate = new AtomicReference<>(CallState.OPEN);

    /** Where the work runs; set by the thread that does, once for each try, before it says that it has begun. */
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

    /** Whether nobody waits for it any more: it was answered, cancelled or is late. */
    boolean isOver() {
        return future.isDone();
    }

    /** Whether it is over, and no statement of it runs on. */
    boolean isGone() {
        PooledConnection where = pooled;
        return isOver() && (where == null || !where.isServing(this));
    }

    /** Runs the work, and keeps what it returns; its failures are the caller's to judge. */
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

    /** Keeps why the work failed, instead of a value. */
    void failed(DatabaseException why) {
        failure = why;
    }

    /** Tells the caller what was kept. */
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

    /** Fails it from another thread than that which runs it, for good. */
    void abandon() {
        if (giveUp()) {
            refuse(DatabaseException.Reason.CLOSED, "the database was closed before the call was begun");
        } else if (isBegun()) {
            refuse(DatabaseException.Reason.UNKNOWN, "the database was closed before it answered");
            interrupt();
        }
    }

    /** Fails it if its time is over, and ends what still runs of it then. */
    void expireIfLate() {
        if (deadline.nanosLeft() > 0) {
            return;
        }
        if (giveUp()) {
            refuse(
                    DatabaseException.Reason.EXPIRED,
                    "expected a database thread and its connection to be free within " + patience + " but none was");
        } else if (isBegun()) {
            refuse(
                    DatabaseException.Reason.UNKNOWN,
                    "expected the database to answer within " + patience + " but it did not");
            interrupt();
        }
    }

    private boolean giveUp() {
        return fate.compareAndSet(CallState.OPEN, CallState.GIVEN_UP);
    }

    /** If it is not, another has given it up and is about to say so. */
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
