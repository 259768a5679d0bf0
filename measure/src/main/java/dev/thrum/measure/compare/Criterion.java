package dev.thrum.measure.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What arms are compared by.
 *
 * @param figure the figure
 * @param point the load
 */
public record Criterion(Figure figure, LoadPoint point) {
    /**
     * Those with verdicts: throughput of closed loops, the goal's percentile of open ones, and CPU per request at
     * {@link #forCosts}. One that no arm has a figure for is none.
     */
    static List<Criterion> of(Comparison comparison) {
        List<Criterion> criteria = new ArrayList<>();
        comparison.points().stream().filter(LoadPoint::isJudged).forEach(point -> {
            Figure figure = point.isClosed()
                    ? Figure.THROUGHPUT
                    : comparison.setup().goal().figure();
            criteria.add(new Criterion(figure, point));
        });
        forCosts(comparison).ifPresent(point -> criteria.add(new Criterion(Figure.CPU_PER_REQUEST, point)));
        return criteria.stream()
                .filter(criterion -> comparison.rounds().stream()
                        .flatMap(round -> round.cells().stream())
                        .anyMatch(cell -> criterion.value(cell).isPresent()))
                .toList();
    }

    /**
     * The load at which costs per request are compared: the judged open loop with the highest rate, because all arms answer the
     * same number of requests there, or the first closed one.
     */
    public static Optional<LoadPoint> forCosts(Comparison comparison) {
        List<LoadPoint> judged =
                comparison.points().stream().filter(LoadPoint::isJudged).toList();
        return judged.stream()
                .filter(point -> !point.isClosed())
                .max(Comparator.comparingDouble(LoadPoint::rate))
                .or(() -> judged.stream().findFirst());
    }

    /** The figure of this cell; none if it isn't there, or is zero, of which there is no ratio. */
    Optional<Double> value(Cell cell) {
        return measured(cell).filter(value -> value > 0);
    }

    /** The figure of this cell, of this load unless it is one of the whole cell. */
    Optional<Double> measured(Cell cell) {
        Optional<Double> ofCell = Optional.ofNullable(cell.figures().get(figure));
        return ofCell.or(
                () -> cell.reading(point).map(reading -> reading.figures().get(figure)));
    }

    /** What it is called in tables. */
    public String title() {
        return figure.title() + " at " + point.name();
    }
}
