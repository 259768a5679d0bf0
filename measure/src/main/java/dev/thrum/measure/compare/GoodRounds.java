package dev.thrum.measure.compare;

import dev.thrum.measure.compare.PairVerdict.RoundRatio;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rounds that count. A round in which one arm failed is left out whole: what was measured next to a failure, such as on a
 * machine that had too little memory, is no measurement of the other arms either.
 */
final class GoodRounds {
    private final Comparison comparison;
    private final List<Integer> good = new ArrayList<>();
    private final TreeMap<Integer, String> leftOut = new TreeMap<>();

    GoodRounds(Comparison comparison, List<Criterion> criteria) {
        this.comparison = comparison;
        for (int index = 0; index < comparison.rounds().size(); index++) {
            Optional<String> fault = fault(comparison.rounds().get(index), criteria);
            if (fault.isPresent()) {
                leftOut.put(index, fault.get());
            } else {
                good.add(index);
            }
        }
    }

    /** Their indexes, in order. */
    List<Integer> indexes() {
        return List.copyOf(good);
    }

    /** Why a round was left out, by its index. */
    SortedMap<Integer, String> leftOut() {
        return Collections.unmodifiableSortedMap(leftOut);
    }

    private Optional<String> fault(Round round, List<Criterion> criteria) {
        for (Cell cell : round.cells()) {
            String failure = cell.failure();
            if (failure != null) {
                return Optional.of(cell.arm() + " failed: " + failure);
            }
        }
        for (Arm arm : comparison.arms()) {
            Optional<Cell> cell = round.cell(arm.name());
            if (cell.isEmpty()) {
                return Optional.of(arm.name() + " was not measured");
            }
            for (Criterion criterion : criteria) {
                if (isValid(cell.get(), criterion)
                        && criterion.value(cell.get()).isEmpty()) {
                    return Optional.of(arm.name() + " has no " + criterion.title() + ", or it is 0");
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a figure of this cell counts; one of the whole cell doesn't depend on a load. */
    private static boolean isValid(Cell cell, Criterion criterion) {
        return cell.figures().containsKey(criterion.figure())
                || cell.reading(criterion.point())
                        .map(reading -> reading.invalid().isEmpty())
                        .orElse(true);
    }

    /** Why figures of this criterion were invalid in some good round, with the name of the arm. */
    Optional<String> invalid(Criterion criterion) {
        return good.stream()
                .flatMap(index -> comparison.rounds().get(index).cells().stream())
                .filter(cell -> !isValid(cell, criterion))
                .map(cell -> cell.arm() + ": "
                        + cell.reading(criterion.point())
                                .orElseThrow()
                                .invalid()
                                .getFirst())
                .findFirst();
    }

    /**
     * The ratios of two arms, in the good rounds in which the figures of all arms were valid: leaving out only the pairs with
     * an invalid one would prefer the arms that are invalid more often.
     */
    List<RoundRatio> ratios(String arm, String other, Criterion criterion) {
        List<RoundRatio> ratios = new ArrayList<>();
        for (int index : valid(criterion)) {
            Optional<Double> ours = value(index, arm, criterion);
            Optional<Double> theirs = value(index, other, criterion);
            if (ours.isPresent() && theirs.isPresent()) {
                ratios.add(new RoundRatio(index, ours.get() / theirs.get()));
            }
        }
        return ratios;
    }

    /** The figures of one arm, in the same rounds. */
    List<Double> values(String arm, Criterion criterion) {
        return valid(criterion).stream()
                .map(index -> value(index, arm, criterion))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The valid figures of one arm in all rounds, zeros too. */
    List<Double> shown(String arm, Criterion criterion) {
        return comparison.rounds().stream()
                .map(round -> round.cell(arm))
                .flatMap(Optional::stream)
                .filter(cell -> isValid(cell, criterion))
                .map(criterion::measured)
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Integer> valid(Criterion criterion) {
        return good.stream()
                .filter(index ->
                        comparison.rounds().get(index).cells().stream().allMatch(cell -> isValid(cell, criterion)))
                .toList();
    }

    private Optional<Double> value(int index, String arm, Criterion criterion) {
        return comparison.rounds().get(index).cell(arm).flatMap(criterion::value);
    }
}
