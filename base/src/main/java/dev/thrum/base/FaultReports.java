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
 * A reporter that logs when a fault begins and when it ends. Safe for concurrent use.
 *
 * <p>An intermittent fault must not fill the log: two lines may be logged at once, so that a fault and its end are
 * reported when they happen; after that there is one line a minute, with the number of lines left out. The first call
 * after that minute reports the last change that was left out, so the log ends up with the current state.
 */
public final class FaultReports {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final System.Logger log;
    private final LongSupplier nanoTime;

    /** Not held while anything is logged. */
    private final ReentrantLock lock = new ReentrantLock();

    /** The current fault; null while it works. Written under the lock. */
    private volatile @Nullable String fault;

    /** Whether the last change was left out. Written under the lock. */
    private volatile boolean owing;

    /** How many lines were left out since the last one. */
    @GuardedBy("lock")
    private long leftOut;

    /** Moved on by a minute for each line; when it has passed, two lines may be logged at once again. */
    @GuardedBy("lock")
    private long quietUntil;

    /** Creates a reporter that measures the minute by the system's clock. */
    public FaultReports(System.Logger log) {
        this(log, Clock.system());
    }

    /** Creates a reporter that measures the minute by this clock. */
    public FaultReports(System.Logger log, Clock clock) {
        this(log, clock::nanoTime);
    }

    FaultReports(System.Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.quietUntil = nanoTime.getAsLong();
    }

    /** The current fault; empty while it works. */
    public Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * Reports a failure; logged as a warning, unless it failed before.
     *
     * @param message the fault and its remedy
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
     * Reports a success; logged if it failed before. Costs next to nothing otherwise.
     *
     * @param message the message that it works again
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
        // A change that is logged now was counted when it was left out.
        long others = changed ? leftOut : leftOut - 1;
        leftOut = 0;
        owing = false;
        return Optional.of(
                others == 0
                        ? message.get()
                        : message.get() + " (it changes all the time: " + others + " such lines were left out)");
    }
}
