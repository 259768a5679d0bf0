package dev.thrum.bench.explore.collection;

import java.util.List;

/**
 * Two threads climb a ladder, each on every second rung, and each tries each of its rungs once. The top is a fault. Both
 * have to stop in the middle for each other, so a ladder of n rungs needs n - 2 preemptions: the last rung of each is followed by
 * its end.
 */
final class Ladder implements Shown {
    private final int rungs;
    private volatile int reached;

    Ladder(int rungs) {
        this.rungs = rungs;
    }

    private void climb(int from) {
        for (int rung = from; rung < rungs; rung += 2) {
            if (reached == rung) {
                reached = rung + 1;
            }
        }
    }

    @Override
    public List<Actor> actors() {
        return List.of(() -> climb(0), () -> climb(1));
    }

    @Override
    public void invariant() {
        Require.that(reached < rungs, "the top is reached");
    }
}
