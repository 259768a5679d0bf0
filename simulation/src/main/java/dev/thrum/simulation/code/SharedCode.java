package dev.thrum.simulation.code;

import java.util.List;
import java.util.stream.Stream;

/** Classes that are the same inside and outside of a loader that rewrites code, by the beginning of their names. */
public final class SharedCode {
    /** The clocks, and the libraries of tests. */
    private static final List<String> ALWAYS = List.of(
            "dev.thrum.base.Clock",
            "dev.thrum.base.SystemClock",
            "org.junit.",
            "org.assertj.",
            "org.opentest4j.",
            "org.apiguardian.",
            "org.slf4j.",
            "ch.qos.logback.");

    private SharedCode() {}

    /** What every such loader shares, and these. */
    public static List<String> and(List<String> more) {
        return Stream.concat(ALWAYS.stream(), more.stream()).toList();
    }
}
