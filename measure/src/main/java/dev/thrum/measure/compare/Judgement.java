package dev.thrum.measure.compare;

import dev.thrum.measure.statistics.Holm;
import dev.thrum.measure.statistics.RatioTest;
import dev.thrum.measure.statistics.Relation;
import java.util.ArrayList;
import java.util.List;

/**
 * What a test of a ratio says of its first side.
 *
 * @param outcome the verdict
 * @param note why it can't be told; empty if it can
 */
record Judgement(Outcome outcome, String note) {
    /** The probability of a wrong claim in a family of tests. */
    static final double LEVEL = 0.05;

    /**
     * Judges a family of tests. The claims that two sides differ are corrected together, and so are the claims that they are
     * the same: each time the probability that any is wrong is at most {@link #LEVEL}.
     *
     * @param figures the figure that each test is about
     */
    static List<Judgement> family(List<RatioTest> tests, List<Figure> figures) {
        List<Double> differs =
                Holm.corrected(tests.stream().map(RatioTest::differs).toList());
        List<Double> same = Holm.corrected(tests.stream().map(RatioTest::same).toList());
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            RatioTest test = tests.get(i);
            Relation relation = Analysis.BAND.relation(test.interval());
            double probability = relation == Relation.SAME ? same.get(i) : differs.get(i);
            judgements.add(of(test, relation, probability, figures.get(i), tests.size()));
        }
        return judgements;
    }

    private static Judgement of(RatioTest test, Relation relation, double probability, Figure figure, int family) {
        if (test.isConstant()) {
            return cannotTell("it is the same each time to the last digit, so nothing is known of the error");
        }
        if (relation == Relation.UNDECIDED) {
            return cannotTell("the interval holds both no difference and one that matters");
        }
        if (probability > LEVEL) {
            return cannotTell("not clear enough for one of " + family + " verdicts (Holm)");
        }
        if (Analysis.BAND.relation(test.aroundRobust()) != relation) {
            return cannotTell(
                    "mean and robust estimate (" + RatioText.factor(test.robust()) + " ×) disagree: outliers decide");
        }
        if (relation == Relation.SAME) {
            return new Judgement(Outcome.SAME, "");
        }
        boolean isMore = relation == Relation.MORE;
        return new Judgement(isMore == figure.isMoreBetter() ? Outcome.BETTER : Outcome.WORSE, "");
    }

    private static Judgement cannotTell(String why) {
        return new Judgement(Outcome.CANNOT_TELL, why);
    }
}
