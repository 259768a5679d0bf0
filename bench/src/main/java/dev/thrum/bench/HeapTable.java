package dev.thrum.bench;

import dev.thrum.bench.tables.Figures;
import dev.thrum.measure.statistics.Bound;
import dev.thrum.measure.statistics.Interval;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;

/** A table of the heap that one of many idle connections needs. */
record HeapTable(PrintStream out) {
    void head(String connections) {
        out.println();
        out.printf(
                Locale.ROOT,
                "| memory: %s | B of live heap per connection, min - median - max | estimate (95 %%"
                        + " interval) | bound | |%n|---|---|---|---|---|%n",
                connections);
    }

    /** A row with the bytes of each round. */
    void row(String title, double[] bytes, Bound bound) {
        Interval interval = Interval.of(Arrays.stream(bytes).boxed().toList());
        out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |%n",
                title,
                new Figures(bytes).whole(),
                interval,
                bound,
                bound.standing(interval));
    }
}
