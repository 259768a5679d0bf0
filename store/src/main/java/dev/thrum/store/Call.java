package dev.thrum.store;

import dev.thrum.base.Deadline;
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
final class Call<T extends @Nullable Object> {
    /** What brackets the work needs. */
    enum Kind {
        /** One statement that reads. */
        QUERY(true),
        /** One statement that writes. */
        UPDATE(false),
        /** One statement that writes, and what is made of the rows it gives. */
        RETURNING(false),
        /** Statements that read the state of one moment. */
        SNAPSHOT(true),
        /** Statements that take effect together or not at all. */
        TRANSACTION(false),
        /** The same, of work that itself locks every row it decides about: only what it reads so may it rely on. */
        LOCKING(false);

        private final boolean reads;

        Kind(boolean reads) {
            this.reads = reads;
        }

        boolean reads() {
            return reads;
        }

        /** Whether the database takes care by itself that nothing is left of it when it fails. */
        boolean isOneStatement() {
            return this == QUERY || this == UPDATE;
        }

        /** Whether several statements may have been run when it fails. */
        boolean isManyStatements() {
            return this == SNAPSHOT || this == TRANSACTION || this == LOCKING;
        }
    }

    /** Whether a thread has begun it; decided once, so that nobody is told "not begun" of what is done later. */
    private enum Fate {
        OPEN,
        BEGUN,
        /** It will not be begun, and whoever has decided that says so to the caller. */
        GIVEN_UP
    }

    private final Kind kind;
    private final Work<T> work;
    private final Duration patience;
    private final Deadline deadline;
    private final CompletableFuture<T> future = new CompletableFuture<>();

    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

    /** Where the work runs; set by the thread that does, once for each try, before it says that it has begun. */
    private volatile @Nullable Link link;

    // Written and read by the thread that runs the work.
    private @Nullable T value;
    private @Nullable StoreException failure;

    Call(Kind kind, Work<T> work, Duration patience) {
        this.kind = kind;
        this.work = work;
        this.patience = patience;
        this.deadline = Deadline.in(patience);
    }

    Kind kind() {
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
        Link where = link;
        return isOver() && (where == null || !where.isServing(this));
    }

    /** Runs the work, and keeps what it returns; its failures are the caller's to judge. */
    void run(Link on) throws SQLException {
        link = on;
        failure = null;
        if (fate.compareAndExchange(Fate.OPEN, Fate.BEGUN) == Fate.GIVEN_UP) {
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
    void failed(StoreException why) {
        failure = why;
    }

    /** Tells the caller what was kept. */
    @SuppressWarnings("NullAway") // The value is what the work returned: null only where T admits it.
    void acknowledge() {
        if (fate.get() == Fate.GIVEN_UP) {
            return;
        }
        if (failure == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(failure);
        }
    }

    void fail(StoreException why) {
        failed(why);
        acknowledge();
    }

    /** Fails it from another thread than that which runs it, for good. */
    void abandon() {
        if (giveUp()) {
            refuse(StoreException.Reason.CLOSED, "the database was closed before the call was begun");
        } else if (isBegun()) {
            refuse(StoreException.Reason.UNKNOWN, "the database was closed before it answered");
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
                    StoreException.Reason.EXPIRED,
                    "expected a database thread and its connection to be free within " + patience + " but none was");
        } else if (isBegun()) {
            refuse(
                    StoreException.Reason.UNKNOWN,
                    "expected the database to answer within " + patience + " but it did not");
            interrupt();
        }
    }

    private boolean giveUp() {
        return fate.compareAndSet(Fate.OPEN, Fate.GIVEN_UP);
    }

    /** If it is not, another has given it up and is about to say so. */
    private boolean isBegun() {
        return fate.get() == Fate.BEGUN;
    }

    private void refuse(StoreException.Reason why, String message) {
        future.completeExceptionally(new StoreException(why, message, null));
    }

    private void interrupt() {
        Link where = link;
        if (where != null) {
            where.interrupt(this);
        }
    }
}
