package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Event;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which events are drawn when there are too many for a picture. */
final class Folds {
    /** More steps than this can't be taken in at once. */
    static final int MOST = 12;

    private Folds() {}

    /** The numbers of the events that are shown, at most {@link #MOST}, in order: those that matter most; of equal ones the last. */
    static List<Integer> shown(List<Event> events) {
        if (events.size() <= MOST) {
            return IntStream.range(0, events.size()).boxed().toList();
        }
        // What matters less is worth a line only in a schedule that is a little too long.
        int least = events.size() <= 2 * MOST ? 0 : Plot.NEAR;
        SortedSet<Integer> shown = IntStream.range(0, events.size())
                .boxed()
                .filter(i -> events.get(i).weight() >= least)
                .sorted(Comparator.comparingInt((Integer i) -> -events.get(i).weight())
                        .thenComparing(Comparator.reverseOrder()))
                .limit(MOST)
                .collect(Collectors.toCollection(TreeSet::new));
        // A fold of one event is no shorter than the event.
        for (int i = 0; i < events.size() && shown.size() < MOST; i++) {
            boolean after = i == 0 || shown.contains(i - 1);
            boolean before = i == events.size() - 1 || shown.contains(i + 1);
            if (after && before) {
                shown.add(i);
            }
        }
        return List.copyOf(shown);
    }
}
