package dev.thrum.measure.compare;

import org.jspecify.annotations.Nullable;

/**
 * What is compared: the handler on one engine.
 *
 * @param name its name, which no other arm has: that of the engine, if possible
 * @param engine the engine and its options, for people
 * @param copyOf the name of the arm that this one is a second copy of (A/A); null if it is none. A copy is a control: it is
 *     never recommended
 */
public record Arm(String name, String engine, @Nullable String copyOf) {
    /** Whether it is the second copy of another arm. */
    public boolean isCopy() {
        return copyOf != null;
    }
}
