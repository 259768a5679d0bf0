package dev.thrum.simulation.explore.search;

import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Random schedules by priorities, PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010. The thread with the highest priority takes each step. Priorities are
 * random, and at {@code depth - 1} random steps that of the thread which is about to take it becomes lower than all others.
 */
public final class RandomSearch implements Strategy {
    private final SplittableRandom seeds;
    private final int depth;
    private final long runs;

    private SplittableRandom random;
    private final long[] priorities = new long[64];
    private final int[] changes;
    private int known;
    private long done;

    /** The most steps of a run so far: where the changes are drawn from. */
    private int longest = 20;

    public RandomSearch(long seed, int depth, long runs) {
        this.seeds = new SplittableRandom(seed);
        this.depth = depth;
        this.runs = runs;
        this.changes = new int[depth - 1];
        this.random = seeds.split();
        begin();
    }

    private void begin() {
        random = seeds.split();
        known = 0;
        for (int i = 0; i < changes.length; i++) {
            changes[i] = random.nextInt(longest);
        }
    }

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        for (; known < machine.threadCount(); known++) {
            priorities[known] = depth + random.nextLong(Long.MAX_VALUE - depth);
        }
        int step = machine.depth();
        longest = Math.max(longest, step + 1);
        int thread = highest(enabled);
        for (int i = 0; i < changes.length; i++) {
            if (changes[i] == step) {
                priorities[thread] = i;
                thread = highest(enabled);
            }
        }
        return thread;
    }

    private int highest(long enabled) {
        int best = -1;
        for (long rest = enabled; rest != 0; rest &= rest - 1) {
            int thread = Long.numberOfTrailingZeros(rest);
            if (best < 0 || priorities[thread] > priorities[best]) {
                best = thread;
            }
        }
        return best;
    }

    @Override
    public boolean advance() {
        Arrays.fill(priorities, 0);
        begin();
        return ++done < runs;
    }
}
