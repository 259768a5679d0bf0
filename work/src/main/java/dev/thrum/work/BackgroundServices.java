package dev.thrum.work;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Deadline;
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
 * What a program does beside its work, again and again: each service has a daemon thread {@code thrum-NAME} of its own,
 * so that one that hangs keeps nobody else waiting and none holds the program open. Safe for concurrent use.
 *
 * <p>The next run begins a period after the last one has ended; so a service never runs twice at once, and one that
 * takes long does not run without a pause. What a task returns is its report to the operator. Whatever it throws, an
 * {@link Error} too, ends that run only, and the service goes on with its next. That a service fails is logged once, as a
 * warning, and so is that it works again; if that changes all the time, one line a minute. The stack is logged for the
 * exceptions of {@code java.lang} only, which are defects of the task.
 */
public final class BackgroundServices implements AutoCloseable {

    /**
     * A service as the operator sees it.
     *
     * @param runs how many runs have ended, failed ones included
     * @param runningSince when the run began that goes on now
     * @param last the run that ended last
     * @param next when the next run begins; empty while one goes on, and when the services are closed
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
     * @param took measured by the JDK's own clock, which nobody can set
     * @param said what the task returned, or what it threw
     */
    public record Run(Instant begun, Duration took, boolean failed, String said) {}

    private static final System.Logger LOG = System.getLogger(BackgroundServices.class.getName());
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /** How long interrupted tasks get to end, all together. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, BackgroundService> services = new LinkedHashMap<>();

    @GuardedBy("lock")
    private boolean closed;

    /**
     * Creates a set without services.
     *
     * @param clock for reports; waits are measured by the JDK's own clock, which nobody can set back
     */
    public BackgroundServices(InstantSource clock) {
        this.clock = clock;
    }

    /** Starts a service whose first run is after one period. */
    public void start(String name, Duration period, Callable<String> task) {
        start(name, period, period, task);
    }

    /**
     * Starts a service.
     *
     * @param name of small letters, digits and hyphens; no two have the same
     * @param first how long after now its first run begins
     * @param period from the end of a run to the begin of the next; more than zero
     * @param task what to do; it gives a few words about what it has done, and ends soon when it is interrupted
     * @throws IllegalStateException if the services have been closed
     */
    public void start(String name, Duration first, Duration period, Callable<String> task) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "expected a name of small letters, digits and hyphens but was \"" + name + "\"");
        }
        if (period.isNegative() || period.isZero() || first.isNegative()) {
            throw new IllegalArgumentException("expected a period of more than zero and a first run not in the past"
                    + " but was " + period + " and " + first);
        }
        BackgroundService service = new BackgroundService(name, first, period, task, clock);
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("expected services to be started before they are closed but " + name
                        + " came after: end what starts it first");
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
     * Has a service run now instead of later, or once more when the run that goes on has ended; many requests that wait
     * are answered by one run.
     *
     * @return the run that began after this call, once it has ended, failed or not; cancelled when the services are
     *     closed before. What is chained to it runs on the service's thread and must be short
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

    /** Every service, in the order in which they were started. */
    public List<Report> report() {
        return all().stream().map(BackgroundService::report).toList();
    }

    /**
     * Interrupts what runs and waits until it has ended, but no longer than a second; nothing begins any more. Closing
     * again changes nothing. A task may close its own services: it is not waited for.
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
            reportHung(all, Deadline.in(GRACE));
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
                    "expected background services to end within " + GRACE + " of the interrupt but these go on: "
                            + String.join(", ", hung));
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
