package dev.thrum.measure.compare;

import java.util.List;

/**
 * What a comparison recommends.
 *
 * @param kind what kind of answer it is
 * @param arms the names of the arms it is about: the one that is recommended, those between which it makes no difference, or none
 * @param headline the answer in one sentence
 * @param details the evidence, a sentence each
 */
public record Recommendation(Kind kind, List<String> arms, String headline, List<String> details) {
    /** A kind of answer. */
    public enum Kind {
        /** One arm is better than each other in something, and worse than none in anything. */
        ONE,
        /** The best arms are the same in everything. */
        NO_DIFFERENCE,
        /** Which is better depends on what matters. */
        TRADE_OFF,
        /** The data doesn't decide. */
        CANNOT_TELL,
        /** The data can't be trusted. */
        BLOCKED
    }

    public Recommendation {
        arms = List.copyOf(arms);
        details = List.copyOf(details);
    }
}
