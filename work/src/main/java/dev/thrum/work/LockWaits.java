package dev.thrum.work;

import dev.thrum.base.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads that wait for named locks. A thread adds its wait before it blocks and removes it afterwards, so this keeps no
 * thread alive that has ended, and a lock that is free costs nothing here.
 */
final class LockWaits {
    /**
     * Those of this program. Static although it changes: threads that deadlock may have got their locks anywhere, and whoever
     * looks for the deadlock has none of them.
     */
    static final LockWaits OF_PROGRAM = new LockWaits();

    private final Map<Thread, LockWait> waits = new ConcurrentHashMap<>();

    /** The time that waits are measured by, in nanoseconds. */
    static long now() {
        return Clock.system().nanoTime();
    }

    /** The calling thread is about to wait. */
    LockWait begin(NamedLock lock, boolean timed) {
        LockWait wait = new LockWait(lock, Thread.currentThread(), now(), timed);
        waits.put(wait.thread(), wait);
        return wait;
    }

    /** The calling thread has the lock, or has given up. */
    void end(LockWait wait) {
        waits.remove(wait.thread());
    }

    LockReport report(LockOrder order) {
        long now = now();
        List<LockWait> seen = waits.values().stream()
                .sorted(Comparator.comparingLong(wait -> wait.since() - now))
                .toList();
        // After the waits were read, and before they are read again: see isStill.
        Map<NamedLock, Optional<Thread>> owners = new HashMap<>();
        seen.forEach(wait -> owners.computeIfAbsent(wait.lock(), NamedLock::owner));
        Map<NamedLock, Duration> holds = new HashMap<>();
        Map<Thread, LockReport.Wait> shown = new LinkedHashMap<>();
        for (LockWait wait : seen) {
            Optional<Thread> owner = owners.get(wait.lock());
            // One that owns it already is about to end its wait.
            if (isStill(wait)
                    && owner != null
                    && owner.isPresent()
                    && !owner.get().equals(wait.thread())) {
                Duration waited = Duration.ofNanos(Math.max(0, now - wait.since()));
                Duration held = holds.computeIfAbsent(wait.lock(), lock -> held(lock, now, waited));
                shown.put(
                        wait.thread(),
                        new LockReport.Wait(
                                wait.thread(), wait.lock().name(), waited, wait.timed(), owner.get(), held));
            }
        }
        return new LockReport(
                List.copyOf(shown.values()), cycles(shown), order.inversions(), order.edges(), order.unrecorded());
    }

    /**
     * How long a lock has been held, at least. If it is not known when it was acquired, nobody waited for it then: so it has
     * been held as long as the longest of its waits.
     */
    private static Duration held(NamedLock lock, long now, Duration longestWait) {
        long since = lock.since();
        return since == 0 ? longestWait : Duration.ofNanos(Math.max(0, now - since));
    }

    /**
     * Whether a wait that was read before still goes on. Its thread has waited all the time, so it holds the locks of which
     * it was the owner meanwhile: the waits of a report were all there at one moment, and a cycle in it is a deadlock.
     */
    @SuppressWarnings("ReferenceEquality") // This wait is meant, not another one for the same lock.
    private boolean isStill(LockWait wait) {
        return waits.get(wait.thread()) == wait;
    }

    /** Each thread waits for one lock, which has one owner: so from each there is one way, which may lead back. */
    private static List<List<LockReport.Wait>> cycles(Map<Thread, LockReport.Wait> waits) {
        List<List<LockReport.Wait>> cycles = new ArrayList<>();
        Set<Thread> done = new HashSet<>();
        for (Thread first : waits.keySet()) {
            Map<Thread, LockReport.Wait> way = new LinkedHashMap<>();
            Thread next = first;
            while (waits.containsKey(next) && !done.contains(next) && !way.containsKey(next)) {
                way.put(next, waits.get(next));
                next = waits.get(next).owner();
            }
            if (way.containsKey(next)) {
                Thread entry = next;
                cycles.add(way.values().stream()
                        .dropWhile(wait -> !wait.thread().equals(entry))
                        .toList());
            }
            done.addAll(way.keySet());
        }
        return cycles;
    }
}
