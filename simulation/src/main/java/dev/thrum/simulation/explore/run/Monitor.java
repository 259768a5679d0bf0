package dev.thrum.simulation.explore.run;

import java.util.ArrayDeque;
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

    /** The step in which it was left last, -1 if never. */
    int leftIn = -1;

    Monitor(Object of) {
        this.of = of;
    }
}
