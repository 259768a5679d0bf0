package dev.thrum.simulation.explore.run;

import java.util.Objects;

/** What runs on the threads of a run, and what becomes of their exceptions. */
final class Bodies {
    private Bodies() {}

    // The program is foreign code and may throw anything; it becomes a finding.
    @SuppressWarnings("CatchingUnchecked")
    static void run(Machine machine, Runnable body) {
        try {
            body.run();
        } catch (Unwind _) {
            // The run has ended.
        } catch (Exception | Error e) {
            machine.uncaught(e);
        }
    }

    /** The exception of a thread that the program has started must not be lost, unless the program handles it. */
    static void watch(Thread thread, Machine machine) {
        if (Objects.equals(thread.getUncaughtExceptionHandler(), thread.getThreadGroup())) {
            thread.setUncaughtExceptionHandler((_, e) -> {
                if (!(e instanceof Unwind)) {
                    machine.uncaught(e);
                }
            });
        }
    }
}
