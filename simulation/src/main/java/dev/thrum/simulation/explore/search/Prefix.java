package dev.thrum.simulation.explore.search;

import dev.thrum.simulation.explore.run.ExploredThread;
import dev.thrum.simulation.explore.run.Machine;
import java.util.Arrays;

/**
 * The choices of the current run: those up to {@link #fixed} were made for it before it began, so the program must come to the
 * same points again. Owned by the thread that explores.
 */
final class Prefix {
    /** The steps that the run must begin with. */
    int fixed;
    /** The steps that were chosen. */
    int length;

    int[] chosen = new int[64];
    long[] enabled = new long[64];
    private int[] sites = new int[64];

    /** Whether the step is one of those that the run must begin with and that an earlier run has taken, too. */
    boolean repeats(int step) {
        return step < fixed - 1;
    }

    /** Checks that a repeated step is the same as in the earlier run; returns false if it is not, and says so. */
    boolean isSame(Machine machine, int step, long enabledNow) {
        ExploredThread thread = machine.thread(chosen[step]);
        if (enabled[step] == enabledNow && thread != null && thread.site() == sites[step]) {
            return true;
        }
        machine.differs(step, enabled[step], enabledNow, sites[step]);
        return false;
    }

    /** Notes a choice among threads that can go on. */
    void choose(Machine machine, int step, int thread, long enabledNow) {
        if (step == chosen.length) {
            chosen = Arrays.copyOf(chosen, 2 * step);
            enabled = Arrays.copyOf(enabled, 2 * step);
            sites = Arrays.copyOf(sites, 2 * step);
        }
        chosen[step] = thread;
        enabled[step] = enabledNow;
        sites[step] = machine.thread(thread).site();
        length = step + 1;
    }

    /** Notes that the last of the fixed steps is about to be taken, for the first time. */
    void noteLast(Machine machine, int step) {
        sites[step] = machine.thread(chosen[step]).site();
    }

    /** The next run makes another choice here. */
    void changeTo(int step, int thread) {
        chosen[step] = thread;
        length = step + 1;
        fixed = step + 1;
    }

    /** The thread that took the step before if it can go on, otherwise the first of those that can. */
    static int withoutSwitch(long among, int runner) {
        return runner >= 0 && (among & 1L << runner) != 0 ? runner : Long.numberOfTrailingZeros(among);
    }
}
