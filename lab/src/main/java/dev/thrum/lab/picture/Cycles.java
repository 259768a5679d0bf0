package dev.thrum.lab.picture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Threads that wait for each other. */
final class Cycles {
    private Cycles() {}

    /**
     * The threads of a ring, each of which waits for the next and the last for the first; empty if there is none.
     *
     * @param waits the thread that each thread waits for
     */
    static <T> List<T> of(Map<T, T> waits) {
        for (T start : waits.keySet()) {
            List<T> path = new ArrayList<>();
            @Nullable T thread = start;
            while (thread != null && !path.contains(thread)) {
                path.add(thread);
                thread = waits.get(thread);
            }
            if (start.equals(thread)) {
                return path;
            }
        }
        return List.of();
    }
}
