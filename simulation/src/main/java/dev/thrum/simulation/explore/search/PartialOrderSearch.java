package dev.thrum.simulation.explore.search;

import dev.thrum.simulation.explore.run.ExploredThread;
import dev.thrum.simulation.explore.run.Machine;
import dev.thrum.simulation.explore.run.Strategy;
import java.util.Arrays;

/**
 * One schedule of each class of those that differ only in the order of independent steps: algorithm 1, source-DPOR, of Abdulla,
 * Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction", J. ACM 64(4), 2017. With
 * sleep sets alone all threads are tried in each state.
 *
 * <p>Beyond the algorithm, whose threads never wait for each other:
 *
 * <ul>
 *   <li>A step that waits, such as an acquisition, can only be swapped with an earlier one if it could have been taken
 *       before that. A step that makes it possible, such as the release of a lock, is skipped; it comes before, but does not
 *       hide the swap with a step before it, such as the other acquisition.
 *   <li>A signal, the start or end of a thread, and the passage of time are causes: what needs them comes after them in each
 *       schedule, and they hide what is before them.
 *   <li>At the end, also of a run that was too long, threads that have not ended take part with the step that they could not take, and so do
 *       timers that were cancelled. Waits that time out take part with the step that they would have taken, too.
 * </ul>
 */
public final class PartialOrderSearch implements Strategy {
    private final Prefix prefix = new Prefix();
    private final Steps steps = new Steps();
    private final boolean sourceSets;

    private long[] backtrack = new long[64];
    private long[] sleep = new long[65];

    /** Scratch: what must stay before a step, and all that happens before it. */
    private final int[] hides = new int[Steps.WIDTH];

    private final int[] before = new int[Steps.WIDTH];
    private final int[] first = new int[Steps.WIDTH];

    private PartialOrderSearch(boolean sourceSets) {
        this.sourceSets = sourceSets;
    }

    public static PartialOrderSearch sourceSets() {
        return new PartialOrderSearch(true);
    }

    public static PartialOrderSearch sleepSets() {
        return new PartialOrderSearch(false);
    }

    @Override
    public int choose(Machine machine, long enabled, int runner) {
        int step = machine.depth();
        if (prefix.repeats(step)) {
            if (!prefix.isSame(machine, step, enabled)) {
                return GIVE_UP;
            }
            steps.note(step, machine.thread(prefix.chosen[step]));
            return prefix.chosen[step];
        }
        if (step < prefix.fixed) {
            prefix.noteLast(machine, step);
        } else {
            long awake = enabled & ~sleep[step];
            if (awake == 0) {
                return GIVE_UP;
            }
            int thread = Prefix.withoutSwitch(awake, runner);
            prefix.choose(machine, step, thread, enabled);
            grow(step);
            backtrack[step] = sourceSets ? 1L << thread : enabled;
        }
        ExploredThread thread = machine.thread(prefix.chosen[step]);
        steps.note(step, thread);
        if (sourceSets) {
            if (machine.timesOut(thread)) {
                findRaces(machine, step, thread, false);
            }
            findRaces(machine, step, thread, true);
            before[thread.number()] = step + 1;
            steps.setClock(step, before, machine.threadCount());
        }
        sleep[step + 1] = stillAsleep(machine, step, thread);
        return thread.number();
    }

    private void grow(int step) {
        if (step == backtrack.length) {
            backtrack = Arrays.copyOf(backtrack, 2 * step);
            sleep = Arrays.copyOf(sleep, 2 * step + 1);
        }
    }

    /** The threads whose next step was explored before this one, and makes no difference to it. */
    private long stillAsleep(Machine machine, int step, ExploredThread thread) {
        long asleep = 0;
        long rest = sleep[step] & ~(1L << thread.number());
        while (rest != 0) {
            int number = Long.numberOfTrailingZeros(rest);
            rest &= rest - 1;
            if (!steps.isDependent(step, machine.thread(number))) {
                asleep |= 1L << number;
            }
        }
        return asleep;
    }

    /**
     * Finds the steps that a thread's next step races with, and notes that the other order must be tried.
     *
     * @param caused whether a signal, a start or the passage of time has made the step possible
     */
    private void findRaces(Machine machine, int step, ExploredThread thread, boolean caused) {
        int threads = machine.threadCount();
        Arrays.fill(hides, 0, threads, 0);
        if (thread.last() >= 0) {
            steps.join(hides, thread.last(), threads);
        }
        if (caused) {
            addCauses(thread, threads);
        }
        System.arraycopy(hides, 0, before, 0, threads);
        int released = thread.monitorLeftIn();
        for (int earlier = step - 1; earlier >= 0; earlier--) {
            int number = steps.threadOf(earlier);
            if (number == thread.number() || earlier < hides[number] || !steps.isDependent(earlier, thread)) {
                continue;
            }
            if (couldGoOnBefore(machine, earlier, thread)) {
                note(earlier, step, thread.number());
                steps.join(hides, earlier, threads);
            }
            if (earlier >= before[number]) {
                steps.join(before, earlier, threads);
            }
        }
        if (released >= 0) {
            steps.join(before, released, threads);
        }
    }

    private void addCauses(ExploredThread thread, int threads) {
        if (thread.cause() >= 0) {
            steps.join(hides, thread.cause(), threads);
        }
        for (int earlier = 0; earlier < thread.barrier(); earlier++) {
            hides[steps.threadOf(earlier)] = Math.max(hides[steps.threadOf(earlier)], earlier + 1);
        }
    }

    /**
     * Whether a thread could have taken its next step before an earlier one. What it waits for may have come between the two: if
     * the earlier step is about something else, such as an interrupt of the thread, that can come first.
     */
    private boolean couldGoOnBefore(Machine machine, int step, ExploredThread thread) {
        if (thread.needsNothing()) {
            return true;
        }
        boolean isAboutIt = steps.isAbout(step, thread.object());
        if (step > thread.last()) {
            return (prefix.enabled[step] & 1L << thread.number()) != 0
                    || (!isAboutIt && machine.isMet(thread) && comesWithout(step, machine.depth(), thread));
        }
        if (steps.isInterruptOf(step, thread)) {
            return steps.stateBefore(step) == 1 || thread.hasWhatItNeeds();
        }
        if (thread.isInterruptedWait()) {
            return true;
        }
        return isAboutIt ? thread.couldGoOn(steps.stateBefore(step)) : comesWithout(step, machine.depth(), thread);
    }

    /**
     * Whether what a thread waits for is there before a step, or comes by a later one that does not happen after it. Goes
     * back from now on: only steps about the same thing change it, and the end of a monitor.
     */
    private boolean comesWithout(int step, int now, ExploredThread thread) {
        boolean isThere = thread.hasWhatItNeeds();
        for (int later = now - 1; later >= step; later--) {
            boolean was = isThere && !thread.monitorWasLeftIn(later);
            if (steps.hasStateOf(later, thread)) {
                was = thread.couldGoOn(steps.stateBefore(later));
            }
            if (isThere && !was && later > step && !steps.isBefore(step, later)) {
                return true;
            }
            isThere = was;
        }
        return isThere;
    }

    /**
     * Notes that a thread's step must also be tried before an earlier one. The steps in between that don't happen after the
     * earlier one can be taken first; any thread that can begin with one of them will do.
     */
    private void note(int earlier, int step, int thread) {
        long seen = 0;
        long initials = 0;
        for (int between = earlier + 1; between < step; between++) {
            int number = steps.threadOf(between);
            if ((seen & 1L << number) == 0 && !steps.isBefore(earlier, between)) {
                boolean initial = true;
                for (long rest = seen; rest != 0 && initial; rest &= rest - 1) {
                    int other = Long.numberOfTrailingZeros(rest);
                    initial = first[other] >= steps.clock(between, other);
                }
                seen |= 1L << number;
                first[number] = between;
                initials |= initial ? 1L << number : 0;
            }
        }
        if ((seen & 1L << thread) == 0) {
            boolean initial = true;
            for (long rest = seen; rest != 0 && initial; rest &= rest - 1) {
                int other = Long.numberOfTrailingZeros(rest);
                initial = first[other] >= hides[other];
            }
            initials |= initial ? 1L << thread : 0;
        }
        if (((backtrack[earlier] | sleep[earlier]) & initials) != 0) {
            return;
        }
        long chosen = (initials & 1L << thread) != 0 ? 1L << thread : Long.lowestOneBit(initials);
        backtrack[earlier] |= (chosen & prefix.enabled[earlier]) != 0 ? chosen : prefix.enabled[earlier];
    }

    @Override
    public void ended(Machine machine) {
        if (!sourceSets || machine.wasGivenUp()) {
            return;
        }
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            boolean waits = !thread.ended() && (thread.waitsForState() || machine.wasTooLong());
            if (waits || thread.cancelled()) {
                findRaces(machine, machine.depth(), thread, true);
            }
        }
    }

    @Override
    public boolean advance() {
        for (int step = prefix.length - 1; step >= 0; step--) {
            sleep[step] |= 1L << prefix.chosen[step];
            long next = backtrack[step] & ~sleep[step] & prefix.enabled[step];
            if (next != 0) {
                prefix.changeTo(step, Long.numberOfTrailingZeros(next));
                return true;
            }
        }
        return false;
    }
}
