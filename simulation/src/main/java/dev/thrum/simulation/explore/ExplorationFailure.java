package dev.thrum.simulation.explore;

/** Thrown by {@link Explorer#check} when a schedule shows something wrong; the message is the whole report. */
public final class ExplorationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient ExplorationReport report;

    ExplorationFailure(ExplorationReport report) {
        super(report.toString());
        this.report = report;
    }

    /** The report. */
    public ExplorationReport report() {
        return report;
    }
}
