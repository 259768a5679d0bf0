package dev.thrum.events.ring;

import org.junit.jupiter.api.Assumptions;

/** What tests of rings need. */
final class Rings {
    private Rings() {}

    /** Skips the test where there is no io_uring. */
    static void needed() {
        RingSupport.problem().ifPresent(problem -> Assumptions.abort("no io_uring here: " + problem));
    }

    /** Skips the test where native memory can't be used. */
    static void memoryNeeded() {
        Kernel.problem().ifPresent(problem -> Assumptions.abort("no native calls here: " + problem));
    }
}
