package dev.thrum.measure.report;

import dev.thrum.base.Plural;
import dev.thrum.measure.compare.Analysis;
import dev.thrum.measure.compare.Comparison;
import dev.thrum.measure.compare.Conditions;
import dev.thrum.measure.compare.Recommendation;
import java.util.ArrayList;
import java.util.List;

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
    static Summary of(Analysis analysis) {
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
}
