package dev.thrum.bench.statistics;

import java.io.PrintStream;
import java.util.List;

/**
 * What came of a claim of the store: how two of its figures compare, from the pairs of all rounds.
 *
 * @param ratio what is divided by what
 * @param figure which figure
 * @param load under which load
 * @param measured the ratio
 * @param bound where it has to be
 */
public record Finding(String ratio, String figure, String load, Interval measured, Bound bound) {
    public static void print(PrintStream out, List<Finding> findings) {
        out.println();
        out.println("| ratio | figure | load | estimate (95 % interval) | bound | |");
        out.println("|---|---|---|---|---|---|");
        findings.forEach(finding -> out.println("| "
                + String.join(
                        " | ",
                        finding.ratio,
                        finding.figure,
                        finding.load,
                        finding.measured.toString(),
                        finding.bound.toString(),
                        finding.bound.standing(finding.measured))
                + " |"));
    }
}
