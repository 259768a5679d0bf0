package dev.thrum.simulation.explore;

import java.util.ArrayList;
import java.util.List;

/** What an exploration does not see. */
final class Unseen {
    private Unseen() {}

    static List<String> of(Explorer.Plan plan, boolean spun) {
        List<String> lines = new ArrayList<>(List.of(
                "memory orders weaker than sequential consistency",
                "native code, and classes that are not rewritten: the JDK and libraries for tests; a call of one is one step",
                "waits inside the JDK's own monitors",
                "spurious wake-ups, and notifications in another order than that of the waits"));
        if (plan.timeouts() == Timeouts.ANY) {
            lines.add("time limits that end early after the first two timed waits of a thread");
        }
        if (spun) {
            lines.add("more than three rounds of a loop that only reads, while other threads can go on");
        }
        return List.copyOf(lines);
    }
}
