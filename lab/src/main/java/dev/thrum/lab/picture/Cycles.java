package dev.thrum.lab.picture;

import dev.thrum.simulation.explore.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Threads that wait for each other. */
final class Cycles {
    private Cycles() {}

    /** The threads of a ring, each of which waits for the next and the last for the first; empty if there is none. */
    static List<Integer> of(Map<Integer, Finding.Wait> waits) {
        for (int start : waits.keySet()) {
            List<Integer> path = new ArrayList<>();
            Finding.Wait wait = waits.get(start);
            while (wait != null && !path.contains(wait.thread())) {
                path.add(wait.thread());
                wait = wait.holder() < 0 ? null : waits.get(wait.holder());
            }
            if (wait != null && wait.thread() == start) {
                return path;
            }
        }
        return List.of();
    }
}
