package dev.thrum.lab.picture;

import dev.thrum.lab.picture.Plot.Event;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which events are drawn when there are too many for a picture. */
final class Folds {
    /** More steps than this can't be taken in at once. */
    static final int MOST = 12;

    private Folds() {}

    /** The numbers of the events that matter most, at most {@link #MOST}, in order; of equal ones the last. */
    static List<Integer> shown(List<Event> events) {
        return IntStream.range(0, events.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -events.get(i).weight())
                        .thenComparing(Comparator.reverseOrder()))
                .limit(MOST)
                .sorted()
                .toList();
    }
}
