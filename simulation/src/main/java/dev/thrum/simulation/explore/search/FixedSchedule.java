package dev.thrum.simulation.explore.search;

import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;

/** One schedule that is given. After its end the thread that runs goes on while it can. */
public final class FixedSchedule implements Strategy {
    private final int[] threads;

    /** The first step that the program could not take, -1 if there was none. */
    private int impossible = -1;

    public FixedSchedule(int[] threads) {
        this.threads = threads.clone();
    }

    /** The first step that the program could not take; -1 if it could take all. */
    public int impossible() {
        return impossible;
    }

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        int step = machine.depth();
        if (step >= threads.length) {
            impossible = step;
            return GIVE_UP;
        }
        if ((enabled & 1L << threads[step]) == 0) {
            impossible = step;
            return GIVE_UP;
        }
        return threads[step];
    }

    @Override
    public void ended(Machine machine) {
        if (machine.depth() < threads.length && impossible < 0) {
            impossible = machine.depth();
        }
    }

    @Override
    public boolean advance() {
        return false;
    }
}
