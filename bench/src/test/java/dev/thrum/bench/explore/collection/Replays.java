package dev.thrum.bench.explore.collection;

import dev.thrum.simulation.explore.Explorer;
import dev.thrum.simulation.explore.Finding;
import dev.thrum.simulation.explore.Program;
import java.util.LinkedHashSet;
import java.util.Set;

/** Replays a schedule 100 times and prints the different traces, for another JVM. */
final class Replays {
    static final int TIMES = 100;

    private Replays() {}

    /** The different traces. */
    static Set<String> of(Explorer explorer, String schedule) {
        Set<String> traces = new LinkedHashSet<>();
        for (int i = 0; i < TIMES; i++) {
            Finding finding = explorer.replay(schedule).findings().getFirst();
            traces.add(finding.kind() + " " + finding.message() + " " + finding.steps());
        }
        return traces;
    }

    /** Arguments: a class and a schedule, and so on. */
    public static void main(String[] arguments) throws ClassNotFoundException {
        for (int i = 0; i < arguments.length; i += 2) {
            Class<? extends Program> program = Class.forName(arguments[i]).asSubclass(Program.class);
            of(Explorer.of(program), arguments[i + 1]).forEach(System.out::println);
        }
    }
}
