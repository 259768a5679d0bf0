package dev.thrum.measure.report;

import dev.thrum.measure.compare.PairVerdict;
import dev.thrum.measure.compare.RatioText;
import dev.thrum.measure.statistics.RatioTest;
import java.util.List;

/** Verdicts as words. */
final class VerdictRows {
    private VerdictRows() {}

    /** Verdicts as a table. */
    static Block.Table table(List<PairVerdict> verdicts) {
        return new Block.Table(
                List.of("arms", "figure", "ratio (95 % interval)", "verdict"),
                verdicts.stream()
                        .map(verdict -> List.of(
                                verdict.arm() + " / " + verdict.other(),
                                verdict.criterion().title(),
                                ratio(verdict),
                                words(verdict) + (verdict.note().isEmpty() ? "" : ": " + verdict.note())))
                        .toList());
    }

    /** The ratio with its interval. */
    static String ratio(PairVerdict verdict) {
        RatioTest test = verdict.test();
        return test == null ? "-" : RatioText.of(test.interval());
    }

    /** The outcome, with the name of the better arm. */
    static String words(PairVerdict verdict) {
        return switch (verdict.outcome()) {
            case BETTER -> verdict.arm() + " is better";
            case WORSE -> verdict.other() + " is better";
            case SAME, CANNOT_TELL -> verdict.outcome().toString();
        };
    }
}
