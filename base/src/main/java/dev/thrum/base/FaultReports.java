package dev.thrum.base;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells a log when a fault begins and when it ends. Safe for concurrent use.
 *
 * <p>A fault that comes and goes would fill the log: two lines may come at once, so that a fault and its end are told when
 * they happen; after that one a minute, which says how many were left out. What was left out last is told by the first call
 * after that minute, so the log ends up with the present state.
 */
public final class FaultReports {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private final LongSupplier nanoTime;

    /** Not held while anything is logged. */
    private final ReentrantLock lock = new ReentrantLock();

    /** What fails now; null while it works. Written under the lock. */
    private volatile @Nullable String fault;

    /** Whether the last change was left out. Written under the lock. */
    private volatile boolean owing;

    /** How many lines were left out since the last one. */
    @GuardedBy("lock")
    private long leftOut;

    /** A minute after that time for each line; when it has passed, two may come at once again. */
    @GuardedBy("lock")
    private long quietUntil;

    public FaultReports(System.Logger log) {
        this(log, System::nanoTime);
    }

    FaultReports(System.Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.quietUntil = nanoTime.getAsLong();
    }

    /** What it failed with last; empty while it works. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * It has failed: told as a warning, unless it failed before.
     *
     * @param message what the fault is and what to do about it
     */
    public void failed(String message) {
        failed(message, null);
    }

    /**
     * The same of a failure whose stack is worth its lines: a defect.
     *
     * @param defect logged with the message; null where the message says all
     */
    public void failed(String message, @Nullable Throwable defect) {
        Optional<String> line;
        lock.lock();
        try {
            boolean changed = fault == null;
            fault = message;
            line = line(changed, () -> message);
        } finally {
            lock.unlock();
        }
        line.ifPresent(text -> log.log(Level.WARNING, text, defect));
    }

    /**
     * It has worked: told if it failed before. Costs next to nothing if it did not.
     *
     * @param message that it works again
     */
    public void worked(Supplier<String> message) {
        if (fault == null && !owing) {
            return;
        }
        Optional<String> line;
        lock.lock();
        try {
            boolean changed = fault != null;
            fault = null;
            line = line(changed, message);
        } finally {
            lock.unlock();
        }
        line.ifPresent(text -> log.log(Level.INFO, text));
    }

    @GuardedBy("lock")
    private Optional<String> line(boolean changed, Supplier<String> message) {
        if (!changed && !owing) {
            return Optional.empty();
        }
        long now = nanoTime.getAsLong();
        long quiet = Math.max(0, quietUntil - now);
        if (quiet > MINUTE_NANOS) {
            leftOut += changed ? 1 : 0;
            owing = true;
            return Optional.empty();
        }
        quietUntil = now + quiet + MINUTE_NANOS;
        // A change that is told now was counted when it was left out.
        long others = changed ? leftOut : leftOut - 1;
        leftOut = 0;
        owing = false;
        return Optional.of(
                others == 0
                        ? message.get()
                        : message.get() + " (it changes all the time: " + others + " such lines were left out)");
    }
}
