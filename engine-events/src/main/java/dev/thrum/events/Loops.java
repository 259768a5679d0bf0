package dev.thrum.events;

import java.util.Comparator;
import java.util.List;

/** The loops that run conversations. */
record Loops<L extends Loop>(List<L> all) {
    /** The one with the fewest connections. */
    L next() {
        return all.size() == 1
                ? all.getFirst()
                : all.stream().min(Comparator.comparingInt(Loop::connections)).orElseThrow();
    }
}
