package dev.thrum.measure.compare;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** Checks of figures. */
final class Figures {
    private Figures() {}

    /** A copy in the order of {@link Figure}; throws an {@link IllegalArgumentException} if one isn't a number. */
    static Map<Figure, Double> copyOf(Map<Figure, Double> figures) {
        EnumMap<Figure, Double> copy = new EnumMap<>(Figure.class);
        figures.forEach((figure, value) -> {
            if (!Double.isFinite(value) || value < 0) {
                throw new IllegalArgumentException("expected a finite " + figure.title()
                        + " of at least 0, or none if it isn't known, but was " + value);
            }
            copy.put(figure, value);
        });
        return Collections.unmodifiableMap(copy);
    }
}
