package dev.thrum.simulation.explore.run;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The monitor of an object: rewritten code doesn't use the JVM's. Owned by the thread that explores. */
final class Monitor {
    final Object of;
    final Deque<ExploredThread> waiting = new ArrayDeque<>(2);

    @Nullable
    ExploredThread owner;

    /** How often the owner has entered it. */
    int count;

    /** The steps in which it was left, in their order. */
    private int[] leaves = new int[2];

    private int leaveCount;

    Monitor(Object of) {
        this.of = of;
    }

    /** Notes that it is left, in this step. */
    void left(int step) {
        if (leaveCount == leaves.length) {
            leaves = Arrays.copyOf(leaves, 2 * leaveCount);
        }
        leaves[leaveCount++] = step;
    }

    /** The step in which it was left last, -1 if never. */
    int leftIn() {
        return leaveCount == 0 ? -1 : leaves[leaveCount - 1];
    }

    /** Whether it was left in this step. */
    boolean wasLeftIn(int step) {
        return Arrays.binarySearch(leaves, 0, leaveCount, step) >= 0;
    }
}
