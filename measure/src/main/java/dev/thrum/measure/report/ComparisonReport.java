package dev.thrum.measure.report;

import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The report on a comparison, in four forms. All say the same, and the verdict first. Immutable. */
public final class ComparisonReport {
    private final Comparison comparison;

    private ComparisonReport(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * The report on what was measured so far.
     *
     * @param baseline an earlier comparison that this one is compared with, or null
     * @throws IllegalArgumentException if the earlier one can't be compared with this: another machine, JDK or workload; the
     *     message says which
     */
    public static ComparisonReport of(Comparison comparison, @Nullable Comparison baseline) {
        return new ComparisonReport(comparison);
    }

    /** For the terminal, in lines. */
    public List<String> text() {
        return List.of();
    }

    /** One page that needs nothing else. */
    public String html() {
        return "";
    }

    public String markdown() {
        return "";
    }

    /** Verdict and data, in one line. {@link ComparisonJson#read} reads it again. */
    public String json() {
        return ComparisonJson.write("", comparison);
    }
}
