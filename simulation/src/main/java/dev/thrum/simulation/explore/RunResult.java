package dev.thrum.simulation.explore;

import dev.thrum.simulation.explore.run.ExploredThread;
import dev.thrum.simulation.explore.run.Machine;
import org.jspecify.annotations.Nullable;

/**
 * What a run has led to.
 *
 * @param sign what is wrong, the same for all runs that show the same; empty if nothing is
 * @param kind what is wrong, before it is known who holds what; null if nothing is
 * @param failure what was thrown, if that is what is wrong
 * @param outcome the program's own description of its end
 */
record RunResult(
        String sign, Finding.@Nullable Kind kind, @Nullable Throwable failure, String outcome) {
    private static final RunResult NOTHING = new RunResult("", null, null, "");

    /** The result of the machine's last run, apart from the invariant. */
    static RunResult of(Machine machine) {
        Throwable thrown = machine.state().uncaught();
        if (thrown != null) {
            ExploredThread thrower = machine.state().thrower();
            String sign = (thrower == null ? "" : thrower.number()) + " " + StableText.of(thrown.toString());
            return new RunResult(sign, Finding.Kind.EXCEPTION, thrown, "exception");
        }
        if (machine.wasTooLong()) {
            return new RunResult("goes on", Finding.Kind.LIVELOCK, null, "goes on for ever");
        }
        StringBuilder stuck = null;
        boolean actors = false;
        for (int i = 0; i < machine.threadCount(); i++) {
            ExploredThread thread = machine.thread(i);
            if (machine.stuck(thread)) {
                stuck = stuck == null ? new StringBuilder("stuck") : stuck;
                stuck.append(' ').append(i).append('@').append(thread.site());
                actors |= thread.isActor();
            }
        }
        if (stuck == null) {
            return NOTHING;
        }
        return new RunResult(
                stuck.toString(), actors ? Finding.Kind.DEADLOCK : Finding.Kind.OUTLIVES, null, actors ? "stuck" : "");
    }

    boolean isFine() {
        return kind == null;
    }

    static RunResult ended(String outcome) {
        return new RunResult("", null, null, outcome);
    }

    static RunResult broken(Throwable failure, String outcome) {
        return new RunResult(StableText.of(failure.toString()), Finding.Kind.INVARIANT, failure, outcome);
    }

    RunResult withOutcome(String value) {
        return new RunResult(sign, kind, failure, value);
    }
}
