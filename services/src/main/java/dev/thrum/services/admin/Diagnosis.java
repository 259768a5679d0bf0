package dev.thrum.services.admin;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a program is doing and what is wrong with it, at one moment: stacks and names, nothing that a client has sent. Its
 * JSON is that of {@code /debug/threads}. Times are in seconds.
 *
 * @param program {@link #PROGRAM}, by which {@code thrum doctor} knows that it has asked the right port
 * @param status {@code ready}, {@code draining}, or {@code database} if that can't work
 * @param findings what somebody should look at, the worst first
 */
record Diagnosis(
        String program,
        String status,
        List<Finding> findings,
        Locks locks,
        List<LoopState> loops,
        List<QueueState> queues,
        @Nullable RequestState oldestRequest,
        Threads threads) {
    static final String PROGRAM = "Thrum";

    Diagnosis withFindings(List<Finding> value) {
        return new Diagnosis(program, status, value, locks, loops, queues, oldestRequest, threads);
    }

    /**
     * Something to look at.
     *
     * @param next the next step to take
     */
    record Finding(String kind, String text, String next) {}

    /**
     * The named locks.
     *
     * @param deadlocks each wait is for a lock that the thread of the next one holds, and the last for one of the first
     * @param edges the recorded orders of two locks
     * @param unrecorded how often an order was not recorded, because there were too many
     */
    record Locks(
            List<LockState> waits,
            List<List<LockState>> deadlocks,
            List<Inversion> inversions,
            int edges,
            long unrecorded) {}

    /** A wait for a named lock; {@code heldSeconds} is a lower bound. */
    record LockState(
            String thread, String lock, double waitedSeconds, boolean timed, String heldBy, double heldSeconds) {}

    /** Locks that were acquired in contradicting orders. */
    record Inversion(String since, List<Order> orders) {}

    /** The first time that a thread which held one lock acquired another. */
    record Order(String held, String acquired, String thread, String since, List<String> stack) {}

    /** An event loop; {@code keptBy} is the thread that has not let go of it, with its stack. */
    record LoopState(
            String name,
            int connections,
            double lagSeconds,

            @Nullable String keptBy,

            List<String> stack) {
        Optional<String> keeper() {
            return Optional.ofNullable(keptBy);
        }
    }

    /** A queue; {@code oldestSeconds} is a lower bound. */
    record QueueState(String name, long waiting, double oldestSeconds) {}

    /** A request, or what a handler does that knows no requests. */
    record RequestState(
            long connection,
            String exchange,
            double busySeconds,
            String thread,
            boolean waitsForPeer,
            String waitsFor,
            List<String> stack) {}

    /**
     * The threads.
     *
     * @param count of all that are known: platform threads, handlers, scheduled tasks, senders of outboxes, and whoever waits
     *     for a named lock or holds one that is waited for
     * @param groups threads with equal stacks, the largest group first
     * @param more threads in further groups, which are left out
     */
    record Threads(int count, int virtual, List<Group> groups, int more) {}

    /**
     * Threads with equal stacks.
     *
     * @param oldest the name of the one that was started first
     * @param names some of their names
     * @param stack innermost frame first
     */
    record Group(String state, int count, int virtual, String oldest, List<String> names, List<String> stack) {}
}
