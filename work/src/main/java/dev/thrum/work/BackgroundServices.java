package dev.thrum.work;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.Deadline;
import dev.thrum.base.DurationText;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * A set of background jobs that run periodically. Each service has its own daemon thread {@code thrum-NAME}, so that
 * one that hangs does not delay the others, and none keeps the JVM running. Safe for concurrent use.
 *
 * <p>The next run begins one period after the last one has ended. So runs of a service never overlap, and there is a
 * pause even after a long run. The value that a task returns is its report to the operator. Anything it throws,
 * including an {@link Error}, ends only that run, and the service continues with the next one. A service that fails is
 * logged once, as a warning, and so is that it works again; if that changes all the time, one line a minute. The stack
 * is logged only for exceptions of {@code java.lang}, which are defects of the task.
 */
public final class BackgroundServices implements AutoCloseable {

    /**
     * A snapshot of a service, for the operator.
     *
     * @param runs the number of runs that have ended, including failed ones
     * @param runningSince when the current run began; empty if there is none
     * @param last the last run that has ended
     * @param next when the next run begins; empty during a run, and when the services are closed
     */
    public record Report(
            String name,
            Duration period,
            long runs,
            long failures,
            Optional<Instant> runningSince,
            Optional<Run> last,
            Optional<Instant> next) {}

    /**
     * A run that has ended.
     *
     * @param took measured by the clock that times the waits, which nobody sets
     * @param said the value that the task returned, or the exception that it threw, as text
     */
    public record Run(Instant begun, Duration took, boolean failed, String said) {}

    private static final System.Logger LOG = System.getLogger(BackgroundServices.class.getName());
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** The time that interrupted tasks get to end, in total. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final InstantSource dates;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, BackgroundService> services = new LinkedHashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Creates a set without services, whose waits are timed by the system's clock.
     *
     * @param dates for reports
     */
    public BackgroundServices(InstantSource dates) {
        this(dates, Clock.system());
    }

    /**
     * Creates a set without services.
     *
     * @param dates for reports; may be set meanwhile
     * @param clock times the waits, such as that of a simulation
     */
    public BackgroundServices(InstantSource dates, Clock clock) {
        this.dates = dates;
        this.clock = clock;
    }

    /** Starts a service whose first run begins after one period. */
    public void start(String name, Duration period, Callable<String> task) {
        start(name, period, period, task);
    }

    /**
     * Starts a service.
     *
     * @param name of small letters, digits and hyphens; no two have the same
     * @param first the time until its first run begins
     * @param period the time from the end of a run to the beginning of the next; more than zero
     * @param task the work of a run; it returns a short report, and must end soon when it is interrupted
     * @throws IllegalStateException if the services have been closed
     */
    public void start(String name, Duration first, Duration period, Callable<String> task) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a name of small letters, digits and hyphens but was \"" + name + "\"");
        }
        if (period.isNegative() || period.isZero() || first.isNegative()) {
            throw new IllegalArgumentException("expected a period of more than zero and a first run not in the past"
                    + " but was " + DurationText.of(period) + " and " + DurationText.of(first));
        }
        BackgroundService service =
                new BackgroundService(new BackgroundService.Job(name, period, task), first, dates, clock);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("expected services to be started before they are closed but " + name
                        + " was started after that: end the code that starts it first");
            }
            if (services.containsKey(name)) {
                throw new IllegalArgumentException("expected different names but there are two services " + name);
            }
            service.start();
            services.put(name, service);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a service now instead of later, or once more after the current run; one run serves all waiting requests.
     *
     * @return the run that begins after this call, completed when it has ended, failed or not; cancelled if the
     *     services are closed before that. Actions chained to it run on the service's thread and must be short
     * @throws IllegalArgumentException if there is no such service
     */
    @CanIgnoreReturnValue
    public CompletableFuture<Run> runNow(String name) {
        BackgroundService service;
        lock.lock();
        try {
            service = services.get(name);
            if (service == null) {
                throw new IllegalArgumentException(
                        "expected one of the services " + services.keySet() + " but was \"" + name + "\"");
            }
        } finally {
            lock.unlock();
        }
        return service.runNow();
    }

    /** All services, in the order in which they were started. */
    public List<Report> report() {
        return all().stream().map(BackgroundService::report).toList();
    }

    /**
     * Interrupts the current runs and waits at most one second until they have ended; no further run begins.
     * Idempotent. A task may close its own services: close does not wait for it.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        List<BackgroundService> all = all();
        all.forEach(BackgroundService::end);
        try {
            reportHung(all, Deadline.in(GRACE, clock));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void reportHung(List<BackgroundService> all, Deadline deadline) throws InterruptedException {
        List<String> hung = new ArrayList<>();
        for (BackgroundService service : all) {
            if (!service.awaitEnd(deadline)) {
                hung.add(service.name());
            }
        }
        if (!hung.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "expected background services to end within " + DurationText.of(GRACE)
                            + " of the interrupt but these go on: " + String.join(", ", hung));
        }
    }

    private List<BackgroundService> all() {
        lock.lock();
        try {
            return List.copyOf(services.values());
        } finally {
            lock.unlock();
        }
    }
}
