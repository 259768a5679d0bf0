package dev.thrum.bench.tables;

import dev.thrum.bench.load.Load;
import dev.thrum.measure.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The measured windows, in the order of the rounds. Owned by the thread that measures. */
public final class Results {
    private final Map<Cell, List<Measured>> cells = new HashMap<>();

    /**
     * A window that counts.
     *
     * @param dirty whether other processes used too much of the machine, in the window and in all repetitions
     */
    public record Measured(Window window, boolean dirty) {}

    private record Cell(String contender, Load load) {}

    public void add(String contender, Load load, Measured measured) {
        cells.computeIfAbsent(new Cell(contender, load), cell -> new ArrayList<>())
                .add(measured);
    }

    /** Whether there are windows of this contender; it may have been left out. */
    public boolean has(String contender, Load load) {
        return cells.containsKey(new Cell(contender, load));
    }

    public List<Window> windows(String contender, Load load) {
        return measured(contender, load).stream().map(Measured::window).toList();
    }

    public long dirty(String contender, Load load) {
        return measured(contender, load).stream().filter(Measured::dirty).count();
    }

    private List<Measured> measured(String contender, Load load) {
        return cells.getOrDefault(new Cell(contender, load), List.of());
    }
}
