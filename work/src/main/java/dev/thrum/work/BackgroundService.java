package dev.thrum.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import dev.thrum.base.FaultReports;
import dev.thrum.base.IoWords;
import dev.thrum.base.Threads;
import dev.thrum.work.BackgroundServices.Report;
import dev.thrum.work.BackgroundServices.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A background job: one task that runs periodically, and its thread. */
final class BackgroundService {

    /*
     * Interrupts
     *
     * Only end interrupts, after it has set closed. A run begins in the step that has found closed unset. In that
     * step it also clears pending interrupts of other threads or of the task itself. So the interrupt of end is never
     * cleared before the task has seen it, and no other interrupt reaches a task it was not meant for.
     */

    private static final System.Logger LOG = System.getLogger(BackgroundServices.class.getName());

    /** What runs, and the time between two runs. */
    record Job(String name, Duration period, Callable<String> task) {}

    private final String name;
    private final Duration period;
    private final Callable<String> task;
    private final InstantSource dates;
    private final Clock clock;
    private final Thread thread;

    /** Not held while the task runs, while a line is logged, or while a future is completed. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Signalled when {@link #due}, {@link #wanted} or {@link #closed} has changed. */
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private Deadline due;

    /** The futures of callers that wait for the next run. */
    @GuardedBy("lock")
    private List<CompletableFuture<Run>> wanted = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private long runs;

    @GuardedBy("lock")
    private long failures;

    @GuardedBy("lock")
    private @Nullable Instant runningSince;

    @GuardedBy("lock")
    private @Nullable Run last;

    private final FaultReports reports;

    /** Creates a service whose thread is not started; its first run is due this long from now. */
    BackgroundService(Job job, Duration first, InstantSource dates, Clock clock) {
        this.name = job.name();
        this.period = job.period();
        this.task = job.task();
        this.dates = dates;
        this.clock = clock;
        this.reports = new FaultReports(LOG, clock);
        this.due = Deadline.in(first, clock);
        this.thread = Threads.daemon("thrum-" + name, this::runUntilClosed);
    }

    String name() {
        return name;
    }

    void start() {
        thread.start();
    }

    CompletableFuture<Run> runNow() {
        CompletableFuture<Run> future = new CompletableFuture<>();
        lock.lock();
        try {
            if (!closed) {
                wanted.add(future);
                changed.signalAll();
                return future;
            }
        } finally {
            lock.unlock();
        }
        giveUp(future);
        return future;
    }

    Report report() {
        lock.lock();
        try {
            boolean waits = !closed && runningSince == null;
            return new Report(
                    name,
                    period,
                    runs,
                    failures,
                    Optional.ofNullable(runningSince),
                    Optional.ofNullable(last),
                    waits ? Optional.of(dates.instant().plus(due.left())) : Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    /** Prevents further runs and interrupts the current one. */
    void end() {
        List<CompletableFuture<Run>> forsaken;
        lock.lock();
        try {
            closed = true;
            forsaken = takeWanted();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!thread.equals(Thread.currentThread())) {
            thread.interrupt();
        }
        forsaken.forEach(this::giveUp);
    }

    /** Waits until its thread has ended; returns whether it has, or whether the caller is that thread. */
    boolean awaitEnd(Deadline deadline) throws InterruptedException {
        return thread.equals(Thread.currentThread()) || deadline.join(thread);
    }

    private void runUntilClosed() {
        Optional<List<CompletableFuture<Run>>> askers = awaitTurn();
        while (askers.isPresent()) {
            Run run = run();
            askers.get().forEach(asker -> asker.complete(run));
            askers = awaitTurn();
        }
    }

    /**
     * Waits until the next run is due, and begins it; returns the futures of callers that wait for it, or empty when
     * the service is closed.
     */
    private Optional<List<CompletableFuture<Run>>> awaitTurn() {
        lock.lock();
        try {
            while (!closed && wanted.isEmpty() && due.nanosLeft() > 0) {
                try {
                    due.await(changed);
                } catch (InterruptedException e) {
                    // Either closed is set, or the interrupt was meant for no run.
                }
            }
            if (closed) {
                return Optional.empty();
            }
            boolean _ = Thread.interrupted();
            runningSince = dates.instant();
            return Optional.of(takeWanted());
        } finally {
            lock.unlock();
        }
    }

    private Run run() {
        Instant begun = since();
        Optional<Throwable> failure = Optional.empty();
        String said;
        // The dates of the reports may be set meanwhile.
        long start = clock.nanoTime();
        try {
            said = task.call();
        } catch (Throwable thrown) {
            failure = Optional.of(thrown);
            said = IoWords.of(thrown);
        }
        Run run = new Run(begun, Duration.ofNanos(clock.nanoTime() - start), failure.isPresent(), said);
        if (note(run)) {
            logChange(run, failure);
        }
        return run;
    }

    private Instant since() {
        lock.lock();
        try {
            return runningSince == null ? dates.instant() : runningSince;
        } finally {
            lock.unlock();
        }
    }

    /** Records a run; returns whether the service continues. The result of a run interrupted by close is ignored. */
    private boolean note(Run run) {
        lock.lock();
        try {
            runs++;
            failures += run.failed() ? 1 : 0;
            last = run;
            runningSince = null;
            due = Deadline.in(period, clock);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** A logger that throws must not end the service, which has nowhere else to say so. */
    private void logChange(Run run, Optional<Throwable> failure) {
        try {
            if (failure.isPresent()) {
                reports.failed(
                        "background service " + name + " failed and tries again after " + DurationText.of(period) + ": "
                                + run.said(),
                        failure.filter(BackgroundService::isDefect).orElse(null));
            } else {
                reports.worked(() -> "background service " + name + " works again: " + run.said());
            }
        } catch (Throwable broken) {
            failure.ifPresent(thrown -> addSuppressed(thrown, broken));
        }
    }

    /** The exceptions of the language itself have no message that was written for an operator. */
    private static boolean isDefect(Throwable thrown) {
        return thrown.getClass().getPackageName().equals("java.lang");
    }

    private static void addSuppressed(Throwable thrown, Throwable broken) {
        if (!thrown.equals(broken)) {
            thrown.addSuppressed(broken);
        }
    }

    @GuardedBy("lock")
    private List<CompletableFuture<Run>> takeWanted() {
        List<CompletableFuture<Run>> taken = wanted;
        wanted = new ArrayList<>();
        return taken;
    }

    private void giveUp(CompletableFuture<Run> future) {
        future.completeExceptionally(
                new CancellationException("background service " + name + " was closed before this run"));
    }
}
