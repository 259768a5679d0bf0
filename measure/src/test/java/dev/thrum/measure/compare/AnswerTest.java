package dev.thrum.measure.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thrum.measure.compare.Recommendation.Kind;
import dev.thrum.measure.statistics.RatioTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows from verdicts that were made by hand. */
final class AnswerTest {
    private static final Criterion SPEED = new Criterion(Figure.THROUGHPUT, Planted.SATURATION);
    private static final Criterion COST = new Criterion(Figure.CPU_PER_REQUEST, Planted.SATURATION);

    private final List<PairVerdict> verdicts = new ArrayList<>();

    /** Adds a verdict; the ratio fits it. */
    private AnswerTest with(String arm, String other, Criterion criterion, Outcome outcome) {
        double more = outcome == Outcome.BETTER ? 1.5 : outcome == Outcome.WORSE ? 1 / 1.5 : 1;
        double ratio = criterion.figure().isMoreBetter() ? more : 1 / more;
        RatioTest test = RatioTest.paired(List.of(ratio, ratio * 1.01, ratio / 1.01, ratio), Analysis.BAND);
        verdicts.add(new PairVerdict(arm, other, criterion, List.of(), test, outcome, ""));
        return this;
    }

    private Recommendation answer(String... arms) {
        Comparison comparison = new Planted(1, 1, List.of(Planted.SATURATION), arms)
                .comparison(Planted.faster(1), Planted.normal(0.01));
        return new Answer(comparison, verdicts, List.of()).recommendation();
    }

    @Test
    void aChain_isNotEnough_becauseEachPairHasItsOwnVerdict() {
        Recommendation answer = with("a", "b", SPEED, Outcome.BETTER)
                .with("b", "c", SPEED, Outcome.BETTER)
                .with("a", "c", SPEED, Outcome.CANNOT_TELL)
                .answer("a", "b", "c");

        assertThat(answer.kind()).isEqualTo(Kind.CANNOT_TELL);
        assertThat(answer.headline()).isEqualTo("Cannot tell between a and c, but not b.");
    }

    @Test
    void aCircle_isATradeOff() {
        Recommendation answer = with("a", "b", SPEED, Outcome.BETTER)
                .with("b", "c", SPEED, Outcome.BETTER)
                .with("a", "c", SPEED, Outcome.WORSE)
                .answer("a", "b", "c");

        assertThat(answer.kind()).isEqualTo(Kind.TRADE_OFF);
        assertThat(answer.headline()).startsWith("It depends on what matters: a, b and c are each better");
    }

    @Test
    void aTradeOff_namesOnlyTheArmsThatAreBetterInSomething() {
        Recommendation answer = with("a", "b", SPEED, Outcome.BETTER)
                .with("a", "b", COST, Outcome.WORSE)
                .with("a", "c", SPEED, Outcome.CANNOT_TELL)
                .with("b", "c", SPEED, Outcome.CANNOT_TELL)
                .answer("a", "b", "c");

        assertThat(answer.kind()).isEqualTo(Kind.TRADE_OFF);
        assertThat(answer.headline()).isEqualTo("It depends on what matters: a and b are each better in something.");
        assertThat(answer.details())
                .containsExactly("a against b: 1.50 × the throughput.", "b against a: 0.67 × the CPU per request.");
    }

    /** The second interval says "worse", but gave no verdict, such as because of Holm's correction. */
    @Test
    void anArmThatSeemsWorse_isNotRecommended() {
        with("a", "b", SPEED, Outcome.BETTER).with("a", "b", COST, Outcome.WORSE);
        PairVerdict unclear = verdicts.removeLast().with(Outcome.CANNOT_TELL, "not clear enough");
        verdicts.add(unclear);
        Recommendation answer = answer("a", "b");

        assertThat(answer.kind()).isEqualTo(Kind.CANNOT_TELL);
        assertThat(answer.details()).containsExactly("a against b in CPU per request at saturation: not clear enough.");
    }

    @Test
    void manyVerdictsWithTheSameReason_areCounted() {
        for (int i = 0; i < 4; i++) {
            with("a", "b", SPEED, Outcome.CANNOT_TELL);
            verdicts.add(verdicts.removeLast().with(Outcome.CANNOT_TELL, "only 0 rounds count"));
        }

        assertThat(answer("a", "b").details()).containsExactly("4 verdicts: only 0 rounds count.");
    }

    @Test
    void armsThatAreTheSameInAllButOneThing_areNotTheSame() {
        Recommendation answer = with("a", "b", SPEED, Outcome.SAME)
                .with("a", "b", COST, Outcome.CANNOT_TELL)
                .answer("a", "b");

        assertThat(answer.kind()).isEqualTo(Kind.CANNOT_TELL);
    }
}
