package dev.thrum.work;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.thrum.base.Clock;
import dev.thrum.base.HeldLocks;
import dev.thrum.base.Rfc3339;
import dev.thrum.base.Threads;
import dev.thrum.work.LockReport.Edge;
import dev.thrum.work.LockReport.Inversion;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders in which named locks were acquired: a graph over their names, with an edge from each lock that a thread held to
 * the one that it was about to acquire. An edge that closes a ring is an inversion, which is logged once.
 *
 * <p>The number of edges is bounded; a known edge costs two look-ups, one that is new a stack and a search.
 */
final class LockOrder {
    static final int MOST_EDGES = 1_024;

    /** That of this program. Static although it changes: an order is only known when all uses of the locks are. */
    static final LockOrder OF_PROGRAM = new LockOrder();

    private static final System.Logger LOG = System.getLogger("dev.thrum.work");
    private static final int DEEPEST = 20;

    /** By the names of the held lock and of the acquired one. Changed only under the lock, read without. */
    private final Map<String, Map<String, Edge>> edges = new ConcurrentHashMap<>();

    private final LongAdder unrecorded = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private int count;

    /** Whether the maximum is reached; written under the lock, never cleared. */
    private volatile boolean full;

    /** Each was closed by another edge, so there are no more of them. */
    @GuardedBy("lock")
    private final List<Inversion> inversions = new ArrayList<>();

    /** The calling thread is about to acquire a lock; throws nothing. */
    void record(HeldLocks held, NamedLock wanted) {
        for (int i = 0; i < held.count(); i++) {
            if (held.get(i) instanceof NamedLock before) {
                record(before, wanted);
            }
        }
    }

    private void record(NamedLock before, NamedLock wanted) {
        String from = before.name();
        String to = wanted.name();
        if (from.equals(to)) {
            from += before.isOlderThan(wanted) ? " (the older one)" : " (the newer one)";
            to += before.isOlderThan(wanted) ? " (the newer one)" : " (the older one)";
        }
        Map<String, Edge> after = edges.get(from);
        if (after != null && after.containsKey(to)) {
            return;
        }
        if (full) {
            // Without the lock, which all threads would wait for from now on.
            unrecorded.increment();
        } else {
            try {
                add(from, to);
            } catch (RuntimeException | Error e) {
                // The caller gets its lock, whatever becomes of the records.
                unrecorded.increment();
            }
        }
    }

    private void add(String from, String to) {
        Inversion found;
        lock.lock();
        try {
            if (full) {
                unrecorded.increment();
                return;
            }
            Map<String, Edge> after = edges.computeIfAbsent(from, _ -> new ConcurrentHashMap<>());
            if (after.containsKey(to)) {
                return;
            }
            Edge edge = new Edge(
                    from,
                    to,
                    Threads.label(Thread.currentThread()),
                    Clock.system().instant(),
                    stack());
            List<Edge> back = way(to, from);
            after.put(to, edge);
            count++;
            full = count >= MOST_EDGES;
            found = back.isEmpty() ? null : inversion(edge, back);
        } finally {
            lock.unlock();
        }
        if (found != null) {
            warn(found);
        }
    }

    @GuardedBy("lock")
    private Inversion inversion(Edge edge, List<Edge> back) {
        List<Edge> ring = new ArrayList<>();
        ring.add(edge);
        ring.addAll(back);
        Inversion found = new Inversion(edge.since(), ring);
        inversions.add(found);
        return found;
    }

    /** The shortest way from one name to another; empty if there is none. */
    private List<Edge> way(String from, String to) {
        Map<String, @Nullable Edge> reachedBy = new HashMap<>();
        Queue<String> next = new ArrayDeque<>();
        reachedBy.put(from, null);
        next.add(from);
        while (!next.isEmpty() && !reachedBy.containsKey(to)) {
            for (Edge edge : edges.getOrDefault(next.remove(), Map.of()).values()) {
                if (!reachedBy.containsKey(edge.acquired())) {
                    reachedBy.put(edge.acquired(), edge);
                    next.add(edge.acquired());
                }
            }
        }
        List<Edge> way = new ArrayList<>();
        for (Edge edge = reachedBy.get(to); edge != null; edge = reachedBy.get(edge.held())) {
            way.add(edge);
        }
        return way.reversed();
    }

    /** The stack of the caller, without the frames of this package that every one has. */
    private static List<StackTraceElement> stack() {
        return Arrays.stream(new Throwable().getStackTrace())
                .dropWhile(frame -> frame.getClassName().equals(LockOrder.class.getName())
                        || frame.getClassName().equals(NamedLock.class.getName()))
                .limit(DEEPEST)
                .toList();
    }

    private static void warn(Inversion found) {
        Throwable stacks = null;
        for (Edge edge : found.edges().reversed()) {
            stacks = Threads.stack(
                    "\"%s\" was held and \"%s\" acquired, first by %s at %s"
                            .formatted(edge.held(), edge.acquired(), edge.thread(), Rfc3339.text(edge.since())),
                    edge.stack(),
                    stacks);
        }
        LOG.log(
                Level.WARNING,
                "locks were acquired in contradicting orders, so threads that do so at the same time can deadlock; acquire"
                        + " them in one order, or together with NamedLock.lockAll: "
                        + found.edges().stream()
                                .map(edge -> "\"" + edge.held() + "\" before \"" + edge.acquired() + "\"")
                                .collect(Collectors.joining(", ")),
                stacks);
    }

    List<Inversion> inversions() {
        lock.lock();
        try {
            return List.copyOf(inversions);
        } finally {
            lock.unlock();
        }
    }

    int edges() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    long unrecorded() {
        return unrecorded.sum();
    }
}
