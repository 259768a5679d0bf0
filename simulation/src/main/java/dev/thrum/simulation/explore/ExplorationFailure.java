package dev.thrum.simulation.explore;

import java.util.function.UnaryOperator;

/** Thrown by {@link Explorer#check} when a schedule shows something wrong; the message is the whole report. */
public final class ExplorationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient ExplorationReport report;

    /**
     * Creates a failure, for a test framework.
     *
     * @param report a report with findings
     * @param repeat what to write to replay a schedule, which it is given
     */
    public ExplorationFailure(ExplorationReport report, UnaryOperator<String> repeat) {
        super(report.text(repeat));
        this.report = report;
    }

    /** The report. */
    public ExplorationReport report() {
        return report;
    }
}
