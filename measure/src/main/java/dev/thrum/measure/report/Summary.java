package dev.thrum.measure.report;

import dev.thrum.base.Plural;
import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Baseline;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Outcome;
import dev.thrum.measure.compare.Recommendation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a report begins with.
 *
 * @param subject what was compared
 * @param kind the kind of the answer
 * @param headline the answer
 * @param evidence what it rests on
 * @param reasons why it is so, as far as it is known
 * @param notes what limits it
 */
record Summary(
        String subject,
        Recommendation.Kind kind,
        String headline,
        List<String> evidence,
        List<String> reasons,
        List<String> notes) {
    static Summary of(Analysis analysis, @Nullable Baseline baseline) {
        Comparison comparison = analysis.comparison();
        Conditions conditions = comparison.conditions();
        Recommendation recommendation = analysis.recommendation();
        String subject = comparison.setup().workload() + " on "
                + String.join(
                        ", ",
                        comparison.contenders().stream().map(arm -> arm.name()).toList()) + ": "
                + analysis.goodRounds().size() + " good rounds of "
                + comparison.rounds().size() + ", "
                + comparison.setup().mode() + ", " + conditions.started();
        List<String> notes = new ArrayList<>();
        if (baseline != null) {
            notes.add(since(baseline));
        }
        if (analysis.isRankingOnly()) {
            notes.add("Ranking only: with " + conditions.cpus()
                    + " CPUs, servers and generator take each other's time. The"
                    + " verdicts hold, but absolute figures are no promise.");
        }
        comparison.warmUps().stream()
                .filter(warmUp -> !warmUp.state().isQuiet())
                .forEach(warmUp -> notes.add(warmUp.arm() + " never became steady in its warm-up: "
                        + warmUp.state().kind().title() + "."));
        if (!analysis.leftOut().isEmpty()) {
            notes.add(Plural.of(analysis.leftOut().size(), "round")
                    + (analysis.leftOut().size() == 1 ? " is" : " are") + " left out: "
                    + analysis.leftOut().values().iterator().next() + ".");
        }
        if (comparison.isInterrupted()) {
            notes.add("Interrupted after " + comparison.rounds().size() + " of "
                    + comparison.setup().rounds() + " rounds.");
        }
        return new Summary(
                subject,
                recommendation.kind(),
                recommendation.headline(),
                recommendation.details(),
                analysis.reasons(),
                notes);
    }

    /** What is better, worse or the same since the baseline, in one sentence. */
    private static String since(Baseline baseline) {
        if (!baseline.blockers().isEmpty()) {
            return "Compared with the baseline: cannot tell, because "
                    + baseline.blockers().getFirst() + ".";
        }
        return "Compared with the baseline: "
                + Arrays.stream(Outcome.values())
                        .map(outcome -> of(baseline, outcome))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; "))
                + ".";
    }

    /** The figures with this outcome: their names if they have changed, otherwise their number. */
    private static String of(Baseline baseline, Outcome outcome) {
        List<String> names = baseline.changes().stream()
                .filter(change -> change.outcome() == outcome)
                .map(change -> change.arm() + " in " + change.criterion().title())
                .toList();
        return switch (outcome) {
            case BETTER, WORSE -> outcome + " " + (names.isEmpty() ? "in nothing" : String.join(", ", names));
            case SAME, CANNOT_TELL -> names.isEmpty() ? "" : outcome + " in " + Plural.of(names.size(), "figure");
        };
    }
}
