package dev.thrum.measure.statistics;

import java.io.PrintStream;
import java.util.List;

/**
 * The result of a comparison: the ratio of two figures, from the pairs of all rounds.
 *
 * @param ratio the two sides
 * @param figure the figure that is compared
 * @param load the load
 * @param measured the ratio
 * @param bound the bound it has to meet
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
