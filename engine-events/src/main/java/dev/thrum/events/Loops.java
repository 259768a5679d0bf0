package dev.thrum.events;

import java.util.Comparator;
import java.util.List;

/** The loops that run conversations. */
record Loops(List<Loop> all) {
    /** The one with the fewest connections. */
    Loop next() {
        return all.size() == 1
                ? all.getFirst()
                : all.stream().min(Comparator.comparingInt(Loop::connections)).orElseThrow();
    }
}
