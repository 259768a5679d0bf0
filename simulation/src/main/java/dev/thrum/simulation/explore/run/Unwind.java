package dev.thrum.simulation.explore.run;

/** Thrown in a thread whose run has ended, so that it ends, too. An error, so that few programs catch it. */
final class Unwind extends Error {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("StaticAssignmentOfThrowable") // It has no stack trace, and is thrown in every run.
    static final Unwind NOW = new Unwind();

    private Unwind() {
        super("the explorer has ended this run", null, false, false);
    }
}
