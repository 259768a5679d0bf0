package dev.thrum.simulation.junit;

import dev.thrum.simulation.Faults;

/** What a simulated network does with connections. */
public enum NetworkFaults {
    /** A clean network; only the schedule varies. */
    NONE,

    /** Segments are split and merged, delayed and stalled, windows are small: everything arrives, so replies must be exact. */
    HARMLESS,

    /** The same, and connections are reset or half-closed at some byte: what arrives must be a prefix of the exact reply. */
    HARMFUL;

    Faults faults() {
        return switch (this) {
            case NONE -> Faults.none();
            case HARMLESS -> Faults.harmless();
            case HARMFUL -> Faults.harmful();
        };
    }
}
