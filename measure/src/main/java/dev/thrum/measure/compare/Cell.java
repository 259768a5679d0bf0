package dev.thrum.measure.compare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One arm in one round: a fresh server process under all loads.
 *
 * @param arm the name of the {@link Arm}
 * @param failure why it could not be measured, in one line; null if it was
 * @param readings what was measured under each load, until it failed
 * @param figures what doesn't belong to one load, such as {@link Figure#IDLE_CONNECTION}
 */
public record Cell(String arm, @Nullable String failure, List<Reading> readings, Map<Figure, Double> figures) {
    public Cell {
        readings = List.copyOf(readings);
        figures = Figures.copyOf(figures);
    }

    /** A cell that could not be measured. */
    public static Cell failed(String arm, String why) {
        return new Cell(arm, why, List.of(), Map.of());
    }

    /** What was measured under this load. */
    public Optional<Reading> reading(LoadPoint point) {
        return readings.stream()
                .filter(reading -> reading.point().equals(point.name()))
                .findFirst();
    }
}
