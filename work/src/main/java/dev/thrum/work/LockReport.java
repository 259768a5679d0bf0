package dev.thrum.work;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Who waits for which {@link NamedLock}, and in which orders they were acquired, at one moment. See {@link NamedLock#report}.
 *
 * <p>A thread that has waited for a {@code Condition} of a lock and then waits for the lock itself is not in it.
 *
 * @param waits the waits, the longest first
 * @param cycles the waits of each deadlock: each waits for a lock that the thread of the next one holds, the last one for one
 *     that the first holds. A cycle with a {@linkplain Wait#timed timed} wait ends by itself
 * @param inversions locks that were acquired in contradicting orders, those that were found first at the beginning
 * @param edges the number of recorded pairs of an order
 * @param unrecorded how often a lock was acquired in an order that was not recorded, because there are too many
 */
public record LockReport(
        List<Wait> waits, List<List<Wait>> cycles, List<Inversion> inversions, int edges, long unrecorded) {
    public LockReport {
        waits = List.copyOf(waits);
        cycles = List.copyOf(cycles);
        inversions = List.copyOf(inversions);
    }

    /**
     * A thread that waits for a lock.
     *
     * @param lock the name of the lock
     * @param timed whether a time limit ends the wait
     * @param owner the thread that holds the lock
     * @param held how long it has held the lock, at least
     */
    public record Wait(Thread thread, String lock, Duration waited, boolean timed, Thread owner, Duration held) {}

    /**
     * Locks that were acquired in orders which contradict each other: threads that do so at the same time can deadlock.
     *
     * @param since when it was found
     * @param edges each is the first time that its second lock was acquired by a thread that held its first one. They form
     *     a ring: each begins with the lock that the one before ends with, and the first one closed the ring
     */
    public record Inversion(Instant since, List<Edge> edges) {
        public Inversion {
            edges = List.copyOf(edges);
        }
    }

    /**
     * An order in which two locks were acquired, by their names. Two locks with the same name are told apart by their age.
     *
     * @param held the lock that the thread held
     * @param acquired the lock that it was about to acquire
     * @param thread the name of the first thread that did so
     * @param since when it did
     * @param stack its stack then, innermost frame first
     */
    public record Edge(String held, String acquired, String thread, Instant since, List<StackTraceElement> stack) {
        public Edge {
            stack = List.copyOf(stack);
        }
    }
}
