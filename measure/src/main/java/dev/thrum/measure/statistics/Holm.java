package dev.thrum.measure.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's correction for several tests: "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics 6 (1979). */
public final class Holm {
    private Holm() {}

    /**
     * The probabilities of several tests, corrected: if each test is rejected whose corrected probability is at most 0.05, then
     * the probability that any of the rejections is wrong is at most 0.05, however the tests depend on each other.
     */
    public static List<Double> corrected(List<Double> probabilities) {
        int count = probabilities.size();
        List<Integer> order = IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparing(probabilities::get))
                .toList();
        double[] corrected = new double[count];
        double least = 0;
        for (int rank = 0; rank < count; rank++) {
            int test = order.get(rank);
            least = Math.max(least, Math.min(1, (count - rank) * probabilities.get(test)));
            corrected[test] = least;
        }
        return IntStream.range(0, count).mapToObj(test -> corrected[test]).toList();
    }
}
