package dev.thrum.measure.report;

import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Baseline;
import dev.thrum.measure.compare.ClassicTable;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.ComparisonJson;
import dev.thrum.measure.compare.PairVerdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report on a comparison, in four forms. All say the same, and the verdict first. Immutable.
 *
 * <p>Each form is made when it is asked for: after a round only the JSON is, which has no tables and pictures.
 */
public final class ComparisonReport {
    private final Analysis analysis;
    private final @Nullable Baseline baseline;

    private ComparisonReport(Analysis analysis, @Nullable Baseline baseline) {
        this.analysis = analysis;
        this.baseline = baseline;
    }

    /**
     * The report on what was measured so far.
     *
     * @param baseline an earlier comparison that this one is compared with, or null
     * @throws IllegalArgumentException if the earlier one can't be compared with this: see {@link Baseline#check}
     */
    public static ComparisonReport of(Comparison comparison, @Nullable Comparison baseline) {
        Analysis analysis = Analysis.of(comparison);
        return new ComparisonReport(analysis, baseline == null ? null : Baseline.of(analysis, baseline));
    }

    private List<Section> sections() {
        VerdictSections verdicts = new VerdictSections(analysis);
        LoadSections loads = new LoadSections(analysis);
        CostSections costs = new CostSections(analysis);
        MethodSections methods = new MethodSections(analysis);
        List<Section> sections = new ArrayList<>();
        sections.add(verdicts.verdicts());
        if (baseline != null) {
            sections.add(VerdictSections.baseline(baseline));
        }
        sections.add(loads.loads());
        sections.add(loads.curves());
        sections.add(costs.costs());
        if (loads.hasHighest()) {
            sections.add(loads.highest());
        }
        if (costs.hasWarmUps()) {
            sections.add(costs.warmUps());
        }
        ClassicTable classic = analysis.comparison().classic();
        if (classic != null) {
            sections.add(CostSections.classic(classic));
        }
        sections.add(verdicts.controls());
        sections.add(verdicts.rounds());
        sections.add(MethodSections.methods());
        sections.add(methods.conditions());
        sections.add(methods.raw());
        return List.copyOf(sections);
    }

    private Summary summary() {
        return Summary.of(analysis, baseline);
    }

    /** For the terminal, in lines. */
    public List<String> text() {
        return TextForm.lines(summary(), sections());
    }

    /** One page that needs nothing else. */
    public String html() {
        return HtmlForm.of(summary(), sections(), json());
    }

    public String markdown() {
        return MarkdownForm.of(summary(), sections());
    }

    /** Verdict and data, in one line. {@link ComparisonJson#read} reads it again. */
    public String json() {
        return ComparisonJson.write(verdict(), analysis.comparison());
    }

    /** The verdict for programs. */
    private record Verdict(
            String headline,
            String kind,
            List<String> arms,
            List<String> evidence,
            List<String> reasons,
            List<String> blockers,
            boolean isRankingOnly,
            List<Pair> verdicts,
            List<Pair> controls,
            List<Change> sinceBaseline) {}

    /** A verdict on one figure of two arms. */
    private record Pair(
            String arm,
            String other,
            String figure,
            String point,
            String outcome,
            String note,
            @Nullable Double ratio,
            @Nullable Double low,
            @Nullable Double high) {}

    /** What has become of one figure of an arm since the baseline. */
    private record Change(String arm, String figure, String point, String outcome) {}

    private Verdict verdict() {
        List<Change> since = baseline == null
                ? List.of()
                : baseline.changes().stream()
                        .map(change -> new Change(
                                change.arm(),
                                change.criterion().figure().toString(),
                                change.criterion().point().name(),
                                change.outcome().toString()))
                        .toList();
        return new Verdict(
                analysis.recommendation().headline(),
                analysis.recommendation().kind().toString(),
                analysis.recommendation().arms(),
                analysis.recommendation().details(),
                analysis.reasons(),
                analysis.blockers(),
                analysis.isRankingOnly(),
                analysis.verdicts().stream().map(ComparisonReport::pair).toList(),
                analysis.controls().stream().map(ComparisonReport::pair).toList(),
                since);
    }

    private static Pair pair(PairVerdict verdict) {
        var test = verdict.test();
        return new Pair(
                verdict.arm(),
                verdict.other(),
                verdict.criterion().figure().toString(),
                verdict.criterion().point().name(),
                verdict.outcome().toString(),
                verdict.note(),
                test == null ? null : test.interval().estimate(),
                test == null ? null : test.interval().low(),
                test == null ? null : finite(test.interval().high()));
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
