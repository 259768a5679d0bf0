package dev.thrum.simulation.explore.search;

import static dev.thrum.simulation.explore.run.ExploredThread.GLOBAL;
import static dev.thrum.simulation.explore.run.ExploredThread.INTERRUPT;
import static dev.thrum.simulation.explore.run.ExploredThread.INTERRUPTIBLE;
import static dev.thrum.simulation.explore.run.ExploredThread.LOCAL;
import static dev.thrum.simulation.explore.run.ExploredThread.WRITE;

import dev.thrum.simulation.explore.code.Site;
import dev.thrum.simulation.explore.run.ExploredThread;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The steps of the current run: what they touched, and which happened before which. Owned by the thread that explores.
 *
 * <p>Two steps are dependent if they are of one thread, or touch the same thing and one changes it. A step happens before
 * another if it comes earlier and is dependent on it, or on a step that happens before it. The clock of a step has, for
 * each thread, the number of its last step that happens before it, plus 1; that of its own thread includes itself.
 */
// What a step touches is an object, not one that is equal to it.
@SuppressWarnings("ReferenceEquality")
final class Steps {
    /** Threads that a clock has room for. */
    static final int WIDTH = 64;

    private @Nullable ExploredThread[] threads = new ExploredThread[64];
    private @Nullable Object[] objects = new Object[64];
    private int[] keys = new int[64];
    private int[] flags = new int[64];
    private int[] states = new int[64];
    private @Nullable Object[] haveState = new Object[64];
    private int[] clocks = new int[64 * WIDTH];

    /** Notes the step that a thread is about to take. */
    void note(int step, ExploredThread thread) {
        if (step == keys.length) {
            threads = Arrays.copyOf(threads, 2 * step);
            objects = Arrays.copyOf(objects, 2 * step);
            keys = Arrays.copyOf(keys, 2 * step);
            flags = Arrays.copyOf(flags, 2 * step);
            states = Arrays.copyOf(states, 2 * step);
            haveState = Arrays.copyOf(haveState, 2 * step);
            clocks = Arrays.copyOf(clocks, 2 * step * WIDTH);
        }
        threads[step] = thread;
        objects[step] = thread.object();
        keys[step] = thread.key();
        flags[step] = thread.flags();
        states[step] = thread.stateOfObject();
        haveState[step] = thread.hasState();
    }

    int threadOf(int step) {
        ExploredThread thread = threads[step];
        return thread == null ? -1 : thread.number();
    }

    boolean isAbout(int step, @Nullable Object object) {
        return objects[step] == object;
    }

    /** Whether the state that is known from before a step is that of what a thread waits for. */
    boolean hasStateOf(int step, ExploredThread thread) {
        return haveState[step] == thread.hasState() && keys[step] == thread.key();
    }

    /** Whether a step interrupts a thread. */
    boolean isInterruptOf(int step, ExploredThread thread) {
        return (flags[step] & INTERRUPT) != 0 && objects[step] == thread;
    }

    /** The state of the object of a step before it; of an interrupt, whether the thread was interrupted already. */
    int stateBefore(int step) {
        return states[step];
    }

    /** Whether a step is dependent on the next one of another thread. */
    boolean isDependent(int step, ExploredThread thread) {
        int mine = flags[step];
        int other = thread.flags();
        if ((mine & INTERRUPT) != 0 && (other & INTERRUPTIBLE) != 0 && objects[step] == thread) {
            return true;
        }
        if ((other & INTERRUPT) != 0 && (mine & INTERRUPTIBLE) != 0 && thread.object() == threads[step]) {
            return true;
        }
        int both = mine | other;
        if ((both & LOCAL) != 0 || (both & WRITE) == 0) {
            return false;
        }
        if ((both & GLOBAL) != 0) {
            return true;
        }
        return objects[step] == thread.object() && overlap(keys[step], thread.key());
    }

    private static boolean overlap(int one, int other) {
        return one == other || (one == Site.WHOLE && other >= 0) || (other == Site.WHOLE && one >= 0);
    }

    /** Whether a step happens before another one that comes later. */
    boolean isBefore(int step, int later) {
        return clocks[later * WIDTH + threadOf(step)] > step;
    }

    int clock(int step, int thread) {
        return clocks[step * WIDTH + thread];
    }

    void setClock(int step, int[] clock, int threadCount) {
        Arrays.fill(clocks, step * WIDTH, (step + 1) * WIDTH, 0);
        System.arraycopy(clock, 0, clocks, step * WIDTH, threadCount);
    }

    /** Adds all that happens before a step, and the step itself. */
    void join(int[] clock, int step, int threadCount) {
        int from = step * WIDTH;
        for (int i = 0; i < threadCount; i++) {
            clock[i] = Math.max(clock[i], clocks[from + i]);
        }
    }
}
