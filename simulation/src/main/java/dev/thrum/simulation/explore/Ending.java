package dev.thrum.simulation.explore;

/** Checks the invariant of a program whose threads have ended, and asks for its outcome. */
final class Ending implements Runnable {
    private final Program program;
    private RunResult result;

    Ending(Program program, RunResult result) {
        this.program = program;
        this.result = result;
    }

    // The program is foreign code and may throw anything; it becomes a finding.
    @SuppressWarnings("CatchingUnchecked")
    @Override
    public void run() {
        RunResult broken = result;
        if (result.isFine()) {
            try {
                program.invariant();
            } catch (Exception | Error e) {
                broken = RunResult.broken(e, "");
            }
        }
        try {
            String own = program.outcome();
            result = broken.withOutcome(broken.outcome().isEmpty() ? own : broken.outcome() + " " + own);
        } catch (Exception | Error e) {
            result = RunResult.broken(e, "");
        }
    }

    RunResult result() {
        return result;
    }
}
