package dev.thrum.simulation.explore.search;

import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import java.util.Arrays;

/**
 * Every schedule, depth first, or every one with at most some number of preemptions: switches away from a thread that could go
 * on.
 */
public final class PlainSearch implements Strategy {
    private final Prefix prefix = new Prefix();
    private final int bound;

    private long[] remaining = new long[64];
    private int[] runners = new int[64];
    private int[] preemptions = new int[65];
    private boolean cut;

    private PlainSearch(int bound) {
        this.bound = bound;
    }

    public static PlainSearch unbounded() {
        return new PlainSearch(Integer.MAX_VALUE);
    }

    public static PlainSearch bounded(int preemptions) {
        return new PlainSearch(preemptions);
    }

    /** Whether the bound has left out any schedule. */
    public boolean hasCut() {
        return cut;
    }

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        int step = machine.depth();
        if (prefix.repeats(step)) {
            return prefix.isSame(machine, step, enabled) ? prefix.chosen[step] : GIVE_UP;
        }
        if (step < prefix.fixed) {
            prefix.noteLast(machine, step);
            count(step, prefix.chosen[step]);
            return prefix.chosen[step];
        }
        int thread = Prefix.withoutSwitch(enabled, runner);
        prefix.choose(machine, step, thread, enabled);
        if (step == remaining.length) {
            remaining = Arrays.copyOf(remaining, 2 * step);
            runners = Arrays.copyOf(runners, 2 * step);
            preemptions = Arrays.copyOf(preemptions, 2 * step + 1);
        }
        runners[step] = runner;
        remaining[step] = enabled & ~(1L << thread);
        if (thread == runner && preemptions[step] >= bound) {
            cut |= remaining[step] != 0;
            remaining[step] = 0;
        }
        count(step, thread);
        return thread;
    }

    private void count(int step, int thread) {
        int runner = runners[step];
        boolean preempts = runner >= 0 && thread != runner && (prefix.enabled[step] & 1L << runner) != 0;
        preemptions[step + 1] = preemptions[step] + (preempts ? 1 : 0);
    }

    @Override
    public boolean advance() {
        for (int step = prefix.length - 1; step >= 0; step--) {
            if (remaining[step] != 0) {
                int thread = Long.numberOfTrailingZeros(remaining[step]);
                remaining[step] &= remaining[step] - 1;
                prefix.changeTo(step, thread);
                return true;
            }
        }
        return false;
    }
}
