package dev.thrum.measure.compare;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * One round: each arm once.
 *
 * @param cells the arms, in the order in which they were measured
 */
public record Round(List<Cell> cells) {
    public Round {
        cells = List.copyOf(cells);
        HashSet<String> arms = new HashSet<>();
        cells.forEach(cell -> {
            if (!arms.add(cell.arm())) {
                throw new IllegalArgumentException(
                        "expected each arm once in a round but " + cell.arm() + " is there twice");
            }
        });
    }

    /** The cell of this arm. */
    public Optional<Cell> cell(String arm) {
        return cells.stream().filter(cell -> cell.arm().equals(arm)).findFirst();
    }
}
