package dev.thrum.simulation.explore.run;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The threads of a run, by number, and which of them can go on. Owned like the machine. */
// A thread, a continuation or an object of the program is meant, not one that is equal to it.
@SuppressWarnings("ReferenceEquality")
final class RunThreads {
    /** Sets of threads are the bits of a number, and one number is for the thread that creates the program. */
    static final int MOST = 63;

    /** How many timed waits of a thread may end at any moment. */
    private static final int EARLY_WAITS = 2;

    private final RunState state;
    private final VirtualClock clock;
    private final boolean anyTimeouts;
    private @Nullable ExploredThread[] threads = new ExploredThread[8];
    private int count;

    RunThreads(RunState state, VirtualClock clock, boolean anyTimeouts) {
        this.state = state;
        this.clock = clock;
        this.anyTimeouts = anyTimeouts;
    }

    void reset() {
        Arrays.fill(threads, 0, count, null);
        count = 0;
    }

    int count() {
        return count;
    }

    ExploredThread get(int number) {
        return Objects.requireNonNull(threads[number]);
    }

    ExploredThread add(String name) {
        if (count == MOST) {
            throw state.problem("expected at most " + MOST + " threads but the program starts more");
        }
        if (count == threads.length) {
            threads = Arrays.copyOf(threads, 2 * count);
        }
        ExploredThread thread = new ExploredThread(count, name);
        thread.earlyWaits = anyTimeouts ? EARLY_WAITS : 0;
        threads[count++] = thread;
        return thread;
    }

    /** Threads that the constructor has started come after the actors. */
    void actorsFirst() {
        if (count > 0 && get(0).actor && get(count - 1).actor) {
            return;
        }
        Arrays.sort(threads, 0, count, Comparator.comparing(thread -> thread == null || !thread.actor));
        for (int i = 0; i < count; i++) {
            get(i).number = i;
        }
    }

    /** The thread of a continuation; null if it is new. */
    @Nullable
    ExploredThread of(Runnable continuation) {
        for (int i = 0; i < count; i++) {
            if (get(i).continuation == continuation) {
                return threads[i];
            }
        }
        return null;
    }

    /** The thread of the program that is, or stands for, this one; null if it is none. */
    @Nullable
    ExploredThread find(Object of) {
        for (int i = 0; i < count; i++) {
            ExploredThread thread = get(i);
            if (thread.thread == of || (thread.standsFor != null && thread.standsFor == of)) {
                return thread;
            }
        }
        return null;
    }

    /** Notes that a thread has ended; those that wait for it can go on, because of its last step. */
    void end(ExploredThread ended) {
        ended.ended = true;
        for (int i = 0; i < count; i++) {
            ExploredThread thread = get(i);
            if (thread.needed == ended && thread.need == Need.END) {
                thread.cause = ended.last;
            }
        }
    }

    /** The threads that have not ended, as bits. */
    long notEnded() {
        long rest = 0;
        for (int i = 0; i < count; i++) {
            rest |= get(i).ended ? 0 : 1L << i;
        }
        return rest;
    }

    /** A thread that waits with a time limit inside the JDK is not stuck, but it can't be said when it goes on. */
    void failOnTimedWait(boolean endedEarly) {
        for (int i = 0; i < count && !endedEarly; i++) {
            ExploredThread thread = get(i);
            if (!thread.ended && thread.need == Need.UNPARK && thread.timedInJdk) {
                state.problem(
                        "expected waits with a time limit to be those of locks, conditions, semaphores, latches, queues"
                                + " and futures but " + thread.name + " waits inside the JDK, in "
                                + Stacks.topOf(Objects.requireNonNull(thread.thread))
                                + ": the explorer can't end that wait");
            }
        }
    }

    /** The threads that can go on, as bits. */
    long enabled() {
        long enabled = 0;
        for (int i = 0; i < count; i++) {
            ExploredThread thread = threads[i];
            if (thread != null && !thread.ended && (thread.need == Need.NOTHING || canGoOn(thread))) {
                enabled |= 1L << i;
            }
        }
        return enabled;
    }

    private boolean canGoOn(ExploredThread thread) {
        if (isMet(thread)) {
            return true;
        }
        boolean over = thread.early || clock.hasCome(thread.deadline) || isInterrupted(thread);
        return switch (thread.need) {
            case Need.SIGNAL_AND_LOCK, Need.SIGNAL_AND_MONITOR -> over && isMet(thread, thread.need);
            default -> over;
        };
    }

    private static boolean isInterrupted(ExploredThread thread) {
        return (thread.flags & ExploredThread.INTERRUPTIBLE) != 0
                && thread.thread != null
                && thread.thread.isInterrupted();
    }

    /** Whether a thread has what its next step needs. */
    boolean isMet(ExploredThread thread) {
        return switch (thread.need) {
            case Need.NOTHING -> true;
            case Need.TIME -> false;
            case Need.TURN -> !thread.yielded;
            case Need.UNPARK -> thread.unparked;
            case Need.END -> ((ExploredThread) Objects.requireNonNull(thread.needed)).ended;
            case Need.SIGNAL_AND_LOCK, Need.SIGNAL_AND_MONITOR -> thread.signalled && isMet(thread, thread.need);
            default -> isMet(thread, thread.need);
        };
    }

    private static boolean isMet(ExploredThread thread, int need) {
        Object of = thread.needed != null ? thread.needed : Objects.requireNonNull(thread.object);
        return Need.isMetBy(need, thread.argument, Need.stateOf(of));
    }
}
